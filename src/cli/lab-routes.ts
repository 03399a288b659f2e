import { buildCommand, buildRouteMap, numberParser, type Command } from '@stricli/core';
import type * as LabCommands from '../lab/commands.ts';
import { listFlag, switchFlag, textFlag } from './flags.ts';
import { Output, type Context } from './context.ts';

const word = (input: string): string => input;
const host = { brief: 'Name of a host', parse: word, placeholder: 'HOST' };

/** The flags that every lab command takes. */
interface FolderFlags {
  readonly folder?: string;
}

const folderFlag = { folder: textFlag('State folder of the lab; the working folder has its own unless set', 'DIR') };

const outputOf = (context: Context): Output => new Output(context.terminal, { color: true });

interface UpFlags extends FolderFlags {
  readonly inventory?: string;
  readonly image: 'blank' | 'warm';
  readonly memory?: number;
  readonly only?: string;
  readonly system?: readonly string[];
}

const up = buildCommand<UpFlags, [], Context>({
  docs: { brief: 'Boot the hosts of an inventory as virtual machines with real kernels' },
  parameters: {
    flags: {
      ...folderFlag,
      inventory: textFlag('The inventory; ./lvsctl.yaml unless set here or in LVSCTL_INVENTORY', 'FILE'),
      image: {
        kind: 'enum',
        values: ['blank', 'warm'],
        default: 'blank',
        brief: 'blank: nothing installed; warm: the packages installed, nothing configured',
      },
      memory: {
        kind: 'parsed',
        parse: numberParser,
        optional: true,
        placeholder: 'MIB',
        brief: 'Memory of a host, 256 unless set',
      },
      only: textFlag('Start only these hosts, separated by commas', 'HOSTS'),
      system: listFlag(
        'What these hosts run: trixie (Debian 13) unless set, bookworm (Debian 12), or rhel-like (dnf and rpm), as in lb2=bookworm. May be repeated',
        'HOSTS=SYSTEM',
      ),
    },
    aliases: { i: 'inventory' },
  },
  loader: async () => {
    const { labUpOf } = await import('./commands/lab-up.ts');
    return async function (this: Context, flags) {
      this.end(await labUpOf(this.terminal, flags));
    };
  },
});

const down = simple('Take the lab down; nothing of it is left', (lab, flags, out) => lab.labDown(flags, out));

const status = buildCommand<FolderFlags & { json: boolean }, [], Context>({
  docs: { brief: 'Show how the hosts of the lab are; exit code 1 when there is none' },
  parameters: { flags: { ...folderFlag, json: switchFlag('One JSON document on standard output') } },
  loader: async () => {
    const { labStatus } = await import('../lab/commands.ts');
    return async function (this: Context, flags) {
      this.end(await labStatus(flags, outputOf(this)));
    };
  },
});

const sshConfig = simple('Print an OpenSSH configuration that works inside "lab exec"', (lab, flags, out) =>
  lab.labSshConfig(flags, out),
);

const exec = buildCommand<FolderFlags, string[], Context>({
  docs: { brief: 'Run a command in the operator’s network of the lab: lvsctl lab exec -- CMD' },
  parameters: {
    flags: folderFlag,
    positional: { kind: 'array', minimum: 1, parameter: { brief: 'The command', parse: word, placeholder: '-- CMD' } },
  },
  loader: async () => {
    const { labExec } = await import('../lab/commands.ts');
    return async function (this: Context, flags, ...command) {
      this.end(await labExec(command, flags, outputOf(this)));
    };
  },
});

const ssh = buildCommand<FolderFlags, string[], Context>({
  docs: { brief: 'Log in to a host of the lab, or run a command on it: lvsctl lab ssh HOST [-- CMD]' },
  parameters: {
    flags: folderFlag,
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { brief: 'Name of a host, then a command', parse: word, placeholder: 'HOST [-- CMD]' },
    },
  },
  loader: async () => {
    const { labSsh } = await import('../lab/commands.ts');
    return async function (this: Context, flags, name = '', ...command) {
      this.end(await labSsh(name, command, flags, outputOf(this)));
    };
  },
});

const delay = buildCommand<FolderFlags, [string, number], Context>({
  docs: { brief: 'Let a host send everything so many milliseconds late; 0 ends it' },
  parameters: {
    flags: folderFlag,
    positional: {
      kind: 'tuple',
      parameters: [host, { brief: 'Milliseconds', parse: numberParser, placeholder: 'MS' }],
    },
  },
  loader: async () => {
    const { labDelay } = await import('../lab/commands.ts');
    return async function (this: Context, flags, name, milliseconds) {
      this.end(await labDelay(name, milliseconds, flags, outputOf(this)));
    };
  },
});

const demo = buildCommand<{ inventory?: string; keep: boolean }, [], Context>({
  docs: { brief: 'Boot a lab, deploy the inventory, prove it, break a real server, and take all down again' },
  parameters: {
    flags: {
      inventory: textFlag('The inventory; ./lvsctl.yaml unless set here or in LVSCTL_INVENTORY', 'FILE'),
      keep: switchFlag('Leave the lab up when all went well'),
    },
    aliases: { i: 'inventory' },
  },
  loader: async () => {
    const { demo: command } = await import('./commands/demo.ts');
    return async function (this: Context, flags) {
      this.end(await command(this.terminal, flags));
    };
  },
});

/** `lvsctl lab …`: the virtual hosts of an inventory. */
export const labRoutes = buildRouteMap({
  routes: {
    up,
    down,
    status,
    exec,
    ssh,
    sshConfig,
    freeze: onHost('Stop a host as if it hung', (lab) => lab.labFreeze),
    thaw: onHost('Let a frozen host go on', (lab) => lab.labThaw),
    poweroff: onHost('Cut the power of a host', (lab) => lab.labPoweroff),
    poweron: onHost('Give a host its power back, and wait until it answers', (lab) => lab.labPoweron),
    unplug: onHost('Pull the network cable of a host', (lab) => lab.labUnplug),
    plug: onHost('Plug the network cable of a host in again', (lab) => lab.labPlug),
    delay,
    demo,
  },
  docs: { brief: 'Virtual hosts with real kernels, to try an inventory on' },
});

function simple(
  brief: string,
  run: (lab: typeof LabCommands, flags: FolderFlags, out: Output) => Promise<number>,
): Command<Context> {
  return buildCommand<FolderFlags, [], Context>({
    docs: { brief },
    parameters: { flags: folderFlag },
    loader: async () => {
      const lab = await import('../lab/commands.ts');
      return async function (this: Context, flags) {
        this.end(await run(lab, flags, outputOf(this)));
      };
    },
  });
}

function onHost(
  brief: string,
  command: (lab: typeof LabCommands) => (name: string, flags: FolderFlags, out: Output) => Promise<number>,
): Command<Context> {
  return buildCommand<FolderFlags, [string], Context>({
    docs: { brief },
    parameters: { flags: folderFlag, positional: { kind: 'tuple', parameters: [host] } },
    loader: async () => {
      const lab = await import('../lab/commands.ts');
      return async function (this: Context, flags, name) {
        this.end(await command(lab)(name, flags, outputOf(this)));
      };
    },
  });
}
