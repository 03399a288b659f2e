import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as lab from '../../src/lab/index.ts';
import { enter, interrupt, talk, type Exchange, type Talked } from './dialogue.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** Runs a line of sh on a host by plain ssh. */
type Ssh = (host: string, line: string) => string;

/** Tests of what lvsctl asks at a terminal, on a lab of the blank hosts `a` and `b`; `home` is a folder for their files. */
export function testPrompts(home: string, theLab: () => lab.Lab, ssh: Ssh): void {
  describe('the operator at a terminal', () => {
    const inventory = join(home, 'lvsctl.yaml');
    const known = (): string => readFileSync(theLab().layout.knownHosts, 'utf8');

    /** Runs lvsctl in the operator's network at a terminal, with all that the lab knows, or with what `env` says. */
    const at = (args: readonly string[], env: Record<string, string>, ...exchanges: Exchange[]): Promise<Talked> =>
      talk(
        ['ip', 'netns', 'exec', theLab().namespace, process.execPath, main, ...args],
        { ...process.env, ...lab.environment(theLab()), LVSCTL_INVENTORY: inventory, ...env },
        exchanges,
      );

    const write = (login: string): Promise<void> =>
      writeFile(
        inventory,
        `cluster: two\n${login}\nhosts: { a: { address: 10.77.0.11 }, b: { address: 10.77.0.12 } }\nsysctl: { kernel.panic: 9 }\n`,
      );

    beforeAll(() => write('ssh: { user: root }'));

    it('is shown the key of an unknown host, and only a yes is taken for one', async () => {
      const file = join(home, 'known');
      const env = { LVSCTL_KNOWN_HOSTS: file };
      const key = known()
        .split('\n')
        .find((one) => one.includes('10.77.0.11') && one.includes('ed25519'));
      await writeFile(join(home, 'key'), `${key ?? ''}\n`);
      const listed = spawnSync('ssh-keygen', ['-lf', join(home, 'key')], { encoding: 'utf8' }).stdout;
      const fingerprint = /SHA256:\S+/.exec(listed)?.[0] ?? 'none';

      for (const keys of ['n', 'q', enter]) {
        const refused = await at(['exec', 'a', '--', 'true'], env, [
          /is not known[^]*Trust it from now on\?/,
          `${keys}${enter}`,
        ]);
        expect(refused.screen).toContain(fingerprint);
        expect(refused.code).toBe(3);
        expect(existsSync(file)).toBe(false);
      }
      expect((await at(['exec', 'a', '--', 'true'], env, [/Trust it from now on\?/, 'y'])).code).toBe(0);
      expect(readFileSync(file, 'utf8').split(' ').at(-1)?.trim()).toBe(key?.split(' ').at(-1));
      expect((await at(['exec', 'a', '--', 'true'], env)).code).toBe(0);
    });

    it('is asked once for the passphrase of a key, which is shown to nobody', async () => {
      const locked = join(home, 'locked');
      await copyFile(theLab().layout.key, locked);
      await chmod(locked, 0o600);
      spawnSync('ssh-keygen', ['-p', '-q', '-f', locked, '-P', '', '-N', 'open sesame']);
      const env = { LVSCTL_IDENTITY: locked, SSH_AUTH_SOCK: '' };
      const wrong = await at(['exec', '*', '--', 'true'], env, [/Passphrase of/, `open barley${enter}`]);
      expect(wrong.code).toBe(3);
      expect(wrong.screen).toContain(`the passphrase does not open ${locked}`);
      const right = await at(['exec', '*', '--', 'id', '-un'], env, [/Passphrase of/, `open sesame${enter}`]);
      expect(right.code).toBe(0);
      for (const host of ['a', 'b']) expect(right.screen).toContain(`${host} root`);
      expect(wrong.screen + right.screen).not.toMatch(/sesame|barley/);
    });

    it('is asked once for the sudo password of all hosts, and a wrong one is tried on one of them', async () => {
      await write('ssh: { user: opspw }\nbecome: sudo');
      const question = /sudo password \(asked by [ab], used for all hosts\)/;
      const wrong = await at(['exec', '*', '--', 'id', '-un'], {}, [question, `not it${enter}`]);
      expect(wrong.code).not.toBe(0);
      const failures = `journalctl -q -o cat --no-pager -t sudo | grep -c 'opspw.*incorrect password' || :`;
      expect(Number(ssh('a', failures)) + Number(ssh('b', failures))).toBe(1);
      const right = await at(['exec', '*', '--', 'id', '-un'], {}, [question, `${lab.labPassword}${enter}`]);
      expect(right.code).toBe(0);
      for (const host of ['a', 'b']) expect(right.screen).toContain(`${host} root`);
      expect(wrong.screen + right.screen).not.toMatch(new RegExp(`not it|${lab.labPassword}`));
      await write('ssh: { user: root }');
    });

    it('is asked before an apply, which changes nothing without a clear yes', async () => {
      const panic = (): string => ssh('a', 'sysctl -n kernel.panic');
      const before = panic();
      expect(before).not.toBe('9');
      for (const [keys, code] of [
        [enter, 1],
        ['n', 1],
        [interrupt, 1],
      ] as const) {
        const refused = await at(['apply'], {}, [/Apply[^]*\?/, keys]);
        expect(`${refused.code} ${refused.screen}`).toMatch(new RegExp(`^${code} [^]*Nothing was changed`));
        expect(panic()).toBe(before);
      }
      const applied = await at(['apply'], {}, [/Apply[^]*\?/, 'y']);
      expect(`${applied.code} ${applied.screen}`).toMatch(/^0 /);
      expect(panic()).toBe('9');
    });
  });
}
