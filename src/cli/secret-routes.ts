import { buildCommand, buildRouteMap } from '@stricli/core';
import type { EncryptFlags } from './commands/secret/encrypt.ts';
import type { Context } from './context.ts';
import { listFlag, textFlag } from './flags.ts';

const inventory = textFlag('The inventory; ./lvsctl.yaml unless set here or in LVSCTL_INVENTORY', 'FILE');

const keygen = buildCommand<{ out?: string }, [], Context>({
  docs: {
    brief: 'Make an age identity in a file that only you can read, and print its recipient',
    fullDescription: [
      'Writes a new identity (a private key of age) to ~/.config/lvsctl/age.txt, or where LVSCTL_AGE_IDENTITY says, and',
      'prints its recipient: age1… . A file that is there already is left as it is.',
    ].join('\n'),
  },
  parameters: { flags: { out: textFlag('Write the identity to this file', 'FILE') }, aliases: { o: 'out' } },
  loader: async () => {
    const { secretKeygen } = await import('./commands/secret/keygen.ts');
    return async function (this: Context, flags) {
      this.end(await secretKeygen(this.terminal, flags));
    };
  },
});

const encrypt = buildCommand<EncryptFlags, [], Context>({
  docs: {
    brief: 'Encrypt standard input, or what you type, as a value for the inventory',
    fullDescription: [
      'Prints the YAML to paste below a key, or puts it in its place. It is encrypted for secrets.recipients of the',
      'inventory, else for yourself. A final line break is dropped.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      inventory,
      inPlace: textFlag('Put it there instead, as in vrrp.VI_1.authPass; comments stay', 'PATH.IN.INVENTORY'),
      recipient: listFlag('Encrypt for this recipient instead; may be repeated', 'AGE1…'),
    },
    aliases: { i: 'inventory' },
  },
  loader: async () => {
    const { secretEncrypt } = await import('./commands/secret/encrypt.ts');
    return async function (this: Context, flags) {
      this.end(await secretEncrypt(this.terminal, flags));
    };
  },
});

const decrypt = buildCommand<{ inventory?: string }, [string], Context>({
  docs: { brief: 'Print one encrypted value of the inventory in clear' },
  parameters: {
    flags: { inventory },
    aliases: { i: 'inventory' },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'Where it stands, as in vrrp.VI_1.authPass',
          parse: (input: string) => input,
          placeholder: 'PATH.IN.INVENTORY',
        },
      ],
    },
  },
  loader: async () => {
    const { secretDecrypt } = await import('./commands/secret/decrypt.ts');
    return async function (this: Context, flags, path) {
      this.end(await secretDecrypt(this.terminal, flags, path));
    };
  },
});

const edit = buildCommand<{ inventory?: string }, [], Context>({
  docs: {
    brief: 'Open all encrypted values of the inventory in $EDITOR, and encrypt anew what you change',
    fullDescription: [
      'The values stand in a file that only you can read, in memory where there is a place for that, and the file is',
      'overwritten and removed afterwards.',
    ].join('\n'),
  },
  parameters: { flags: { inventory }, aliases: { i: 'inventory' } },
  loader: async () => {
    const { secretEdit } = await import('./commands/secret/edit.ts');
    return async function (this: Context, flags) {
      this.end(await secretEdit(this.terminal, flags));
    };
  },
});

/** `lvsctl secret …`. */
export const secretRoutes = buildRouteMap({
  routes: { keygen, encrypt, decrypt, edit },
  docs: { brief: 'Encrypted values in the inventory, by age' },
});
