import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHost, connectHosts } from '../../src/ssh/session.ts';
import { makeKey, startSshd, type Sshd } from './fake-sshd.ts';
import { makeAsker, makeHost, makeWorld, must, mustFail, type World } from './world.ts';

let world: World;
let sshds: Sshd[];
let agents: ChildProcess[];

beforeEach(() => {
  world = makeWorld();
  sshds = [];
  agents = [];
});
afterEach(async () => {
  for (const sshd of sshds) await sshd.stop();
  for (const agent of agents) agent.kill();
  world.remove();
});

async function start(options: Parameters<typeof startSshd>[0] = {}): Promise<Sshd> {
  const sshd = await startSshd({ authorized: [world.key], ...options });
  sshds.push(sshd);
  world.trust(sshd);
  return sshd;
}

/** A real ssh-agent that holds keys, in the foreground. */
async function startAgent(...files: string[]): Promise<string> {
  const socket = join(world.home, `agent-${agents.length}`);
  const agent = spawn('ssh-agent', ['-D', '-a', socket]);
  agents.push(agent);
  await new Promise((resolve) => agent.stdout.once('data', resolve));
  const added = spawnSync('ssh-add', ['-q', ...files], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  expect(added.stderr.toString()).toBe('');
  return socket;
}

describe('login by a key file', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'] as const)('%s', async (type) => {
    const key = makeKey(type);
    const sshd = await start({ authorized: [key] });
    const identityFile = world.write('key', key.private);
    const connection = must(await connectHost(makeHost('web1', { port: sshd.port, identityFile }), world.context()));
    expect(connection.host).toBe('web1');
    connection.close();
    expect(sshd.attempts.at(-1)).toMatch(/^root /);
    expect(sshd.hashes).toEqual([type === 'rsa' ? 'sha256' : undefined]);
  });

  test('LVSCTL_IDENTITY is the only key offered', async () => {
    const sshd = await start();
    const env = { LVSCTL_IDENTITY: world.write('only', makeKey('ecdsa').private) };
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), world.context({ env })));
    expect(failure.reason).toBe('login-refused');
    expect(sshd.attempts).toEqual(['root ecdsa-sha2-nistp256']);
  });

  test('a passphrase is asked for once for five hosts, and only for a key that is taken', async () => {
    const locked = makeKey('ed25519', 'open sesame');
    const fleet = await Promise.all([1, 2, 3, 4, 5].map(() => start({ authorized: [locked] })));
    const unwanted = world.write('unwanted', makeKey('ed25519', 'another').private);
    const identityFile = world.write('locked', locked.private);
    world.write('.ssh/config', `IdentityFile ${unwanted}\n`);
    const asker = makeAsker({ passphrase: 'open sesame' });
    const hosts = fleet.map((sshd, index) => makeHost(`web${index}`, { port: sshd.port, identityFile }));
    const results = await connectHosts(hosts, world.context({ asker }));
    for (const result of results.values()) must(result).close();
    expect(asker.asked).toEqual([`passphrase ${identityFile}`]);
  });

  test('an old PEM key with a passphrase', async () => {
    const path = join(world.home, 'old');
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'sesame', '-f', path]);
    expect(made.status).toBe(0);
    const blob = spawnSync('cat', [`${path}.pub`]).stdout.toString();
    const key = { private: '', public: blob, blob: Buffer.from(blob.split(' ')[1] ?? '', 'base64'), type: 'ssh-rsa' };
    const sshd = await start({ authorized: [key] });
    const asker = makeAsker({ passphrase: 'sesame' });
    const host = makeHost('web1', { port: sshd.port, identityFile: path });
    must(await connectHost(host, world.context({ asker }))).close();
    expect(asker.asked).toEqual([`passphrase ${path}`]);
    spawnSync('rm', [`${path}.pub`]);
    must(await connectHost(host, world.context({ asker }))).close();
  });
});

describe('a key that cannot be used is told by its path', () => {
  test.each([
    ['no terminal', undefined, 'there is no terminal to ask for it'],
    ['no answer', {}, 'which was not given'],
    ['the wrong passphrase', { passphrase: 'sesam' }, 'the passphrase does not open'],
  ])('locked, %s', async (_name, answers, detail) => {
    const locked = makeKey('ed25519', 'sesame');
    const sshd = await start({ authorized: [locked] });
    const identityFile = world.write('locked', locked.private);
    const context = world.context(answers === undefined ? {} : { asker: makeAsker(answers) });
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port, identityFile }), context));
    expect(failure.reason).toBe('key-unreadable');
    expect(failure.detail).toContain(identityFile);
    expect(failure.detail).toContain(detail);
    expect(JSON.stringify(failure)).not.toContain('"sesam"');
  });

  test.each([
    ['missing', undefined, 0o600, 'there is no key file'],
    ['no key at all', 'hello', 0o600, 'cannot be used'],
    ['a public key', makeKey().public, 0o600, 'it is a public key'],
    ['readable by others', makeKey().private, 0o644, 'others can read it (mode 644)'],
  ])('%s', async (_name, text, mode, detail) => {
    const sshd = await start();
    const identityFile = join(world.home, 'bad');
    if (text !== undefined) world.write('bad', text);
    if (text !== undefined) chmodSync(identityFile, mode);
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port, identityFile }), world.context()));
    expect(failure).toMatchObject({ reason: 'key-unreadable', host: 'web1' });
    expect(failure.detail).toContain(detail);
    expect(failure.detail).toContain(identityFile);
    expect(sshd.connections).toBe(0);
  });

  test('a key that only the ssh configuration names may be missing when there is another', async () => {
    const sshd = await start();
    world.write('.ssh/config', 'IdentityFile /nowhere/key\nIdentityFile ~/.ssh/id_ed25519\n');
    must(await connectHost(makeHost('web1', { port: sshd.port }), world.context())).close();
    world.write('.ssh/config', 'IdentityFile /nowhere/key\n');
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), world.context()));
    expect(failure).toMatchObject({ reason: 'key-unreadable', detail: 'there is no key file /nowhere/key' });
  });
});

describe('login by an agent', () => {
  test.each(['ed25519', 'rsa'] as const)('an %s key', async (type) => {
    const key = makeKey(type);
    const sshd = await start({ authorized: [key] });
    const env = { SSH_AUTH_SOCK: await startAgent(world.write('held', key.private)) };
    must(await connectHost(makeHost('web1', { port: sshd.port }), world.context({ env }))).close();
  });

  test('a locked file whose key the agent holds needs no passphrase, and IdentitiesOnly offers no other', async () => {
    const path = join(world.home, 'both');
    expect(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]).status).toBe(0);
    const env = { SSH_AUTH_SOCK: await startAgent(world.write('first', makeKey('ecdsa').private), path) };
    expect(spawnSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'sesame', '-f', path]).status).toBe(0);
    const text = spawnSync('cat', [`${path}.pub`]).stdout.toString();
    const key = {
      private: '',
      public: text,
      blob: Buffer.from(text.split(' ')[1] ?? '', 'base64'),
      type: 'ssh-ed25519',
    };
    const sshd = await start({ authorized: [key] });
    world.write('.ssh/config', `IdentityFile ${path}\nIdentitiesOnly yes\n`);
    must(await connectHost(makeHost('web1', { port: sshd.port }), world.context({ env }))).close();
    expect(sshd.attempts).toEqual(['root ssh-ed25519']);
  });

  test('an agent that is not there is no obstacle', async () => {
    const sshd = await start();
    const env = { SSH_AUTH_SOCK: join(world.home, 'nobody') };
    must(await connectHost(makeHost('web1', { port: sshd.port }), world.context({ env }))).close();
  });
});

describe('a refused login', () => {
  test('says who, which keys were offered, and what the host accepts', async () => {
    const sshd = await start({ authorized: [] });
    const env = { SSH_AUTH_SOCK: await startAgent(world.write('held', makeKey().private)) };
    const failure = mustFail(
      await connectHost(makeHost('web1', { port: sshd.port, user: 'deploy' }), world.context({ env })),
    );
    expect(failure.reason).toBe('login-refused');
    expect(failure.detail).toMatch(
      new RegExp(
        `^127.0.0.1:${sshd.port} refused the login of deploy; offered: agent key .*, ` +
          `${world.home}/.ssh/id_ed25519; the host accepts: publickey$`,
      ),
    );
    expect(failure.hint).toContain('ssh-copy-id');
  });

  test('says that there was no key', async () => {
    const sshd = await start();
    const failure = mustFail(
      await connectHost(makeHost('web1', { port: sshd.port }), world.context({ env: { HOME: '/nowhere' } })),
    );
    expect(failure).toMatchObject({
      reason: 'login-refused',
      detail: expect.stringContaining('no key to offer') as string,
    });
  });
});
