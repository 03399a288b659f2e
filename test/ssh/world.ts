import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host, SshSettings } from '../../src/inventory/cluster.ts';
import type { ConnectFailure, Connection } from '../../src/ssh/connection.ts';
import type { Asker } from '../../src/ssh/asker.ts';
import { connectHost, openContext, type SshContext } from '../../src/ssh/session.ts';
import { Secret } from '../../src/secret.ts';
import type { Result } from '../../src/result.ts';
import { makeKey, type KeyPair, type Sshd } from './fake-sshd.ts';

/** An operator's home folder with a key in it, and what else an ssh client reads. */
export interface World {
  readonly home: string;
  readonly key: KeyPair;
  readonly knownHosts: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes a file below the home folder and gives its path. */
  write(path: string, text: string, mode?: number): string;
  /** Makes a server's key known under a name of known_hosts. */
  trust(sshd: Sshd, name?: string): void;
  context(options?: { asker?: Asker; acceptNew?: boolean; env?: NodeJS.ProcessEnv }): SshContext;
  remove(): void;
}

export function makeWorld(): World {
  const home = mkdtempSync(join(tmpdir(), 'lvsctl-ssh-'));
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  const key = makeKey();
  const knownHosts = join(home, '.ssh', 'known_hosts');
  const env = { HOME: home, USER: 'operator', PATH: process.env['PATH'], LVSCTL_KNOWN_HOSTS: knownHosts };
  let lines = '';
  const write = (path: string, text: string, mode = 0o600): string => {
    const file = join(home, path);
    writeFileSync(file, text, { mode });
    return file;
  };
  write('.ssh/id_ed25519', key.private);
  return {
    home,
    key,
    knownHosts,
    env,
    write,
    trust: (sshd, name = `[127.0.0.1]:${sshd.port}`) => {
      lines += `${name} ${sshd.hostKey.public}\n`;
      write('.ssh/known_hosts', lines);
    },
    context: ({ asker, acceptNew = false, env: more = {} } = {}) =>
      openContext({ asker, acceptNew, env: { ...env, ...more } }),
    remove: () => {
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A host of an inventory, on 127.0.0.1. */
export function makeHost(name: string, ssh: Partial<SshSettings> = {}, more: Partial<Host> = {}): Host {
  return {
    name,
    groups: [],
    platform: 'debian',
    interface: 'eth0',
    addresses: [{ interface: 'eth0', address: '127.0.0.1', family: 4, prefix: 24 }],
    ssh: {
      host: undefined,
      user: 'root',
      port: undefined,
      identityFile: undefined,
      proxyJump: undefined,
      connectTimeout: 15,
      ...ssh,
    },
    become: 'none',
    packages: [],
    sysctl: {},
    vars: {},
    ...more,
  };
}

/** Answers as told, and remembers what was asked. */
export function makeAsker(answers: { hostKey?: boolean; passphrase?: string; sudoPassword?: string } = {}): Asker & {
  readonly asked: string[];
} {
  const asked: string[] = [];
  const secret = (value: string | undefined): Promise<Secret | undefined> =>
    Promise.resolve(value === undefined ? undefined : new Secret(value, 'the terminal'));
  return {
    asked,
    hostKey: (question) => {
      asked.push(`hostKey ${question.host} ${question.address} ${question.keyType} ${question.fingerprint}`);
      return Promise.resolve(answers.hostKey ?? false);
    },
    passphrase: (file) => {
      asked.push(`passphrase ${file}`);
      return secret(answers.passphrase);
    },
    sudoPassword: (host) => {
      asked.push(`sudo ${host}`);
      return secret(answers.sudoPassword);
    },
  };
}

/** The value of a result that must be one. */
export function must<T>(result: Result<T, ConnectFailure | { detail: string; reason: string }> | undefined): T {
  if (result?.ok !== true) throw new Error(result === undefined ? 'no result' : JSON.stringify(result.error));
  return result.value;
}

/** The error of a result that must be one. */
export function mustFail<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error('it should have failed');
  return result.error;
}

/** Connects to a fake sshd as root, its key known. */
export async function connectTo(
  world: World,
  sshd: Sshd,
  more: { become?: Host['become']; context?: SshContext; name?: string } = {},
): Promise<Connection> {
  const host = makeHost(more.name ?? 'web1', { port: sshd.port }, { become: more.become ?? 'none' });
  return must(await connectHost(host, more.context ?? world.context()));
}
