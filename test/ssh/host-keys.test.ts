import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/ssh/known-hosts.ts';
import { connectHost, connectHosts } from '../../src/ssh/session.ts';
import { makeKey, startSshd, type Sshd } from './fake-sshd.ts';
import { makeAsker, makeHost, makeWorld, must, mustFail, type World } from './world.ts';

let world: World;
let sshds: Sshd[];

beforeEach(() => {
  world = makeWorld();
  sshds = [];
});
afterEach(async () => {
  for (const sshd of sshds) await sshd.stop();
  world.remove();
});

async function start(options: Parameters<typeof startSshd>[0] = {}): Promise<Sshd> {
  const sshd = await startSshd({ authorized: [world.key], ...options });
  sshds.push(sshd);
  return sshd;
}

function known(): string {
  return readFileSync(world.knownHosts, 'utf8');
}

describe('a host key that is not known', () => {
  test('is refused without a terminal, with its fingerprint and what to do', async () => {
    const sshd = await start();
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), world.context()));
    expect(failure.reason).toBe('host-key-unknown');
    expect(failure.detail).toBe(
      `the host key of [127.0.0.1]:${sshd.port} is not known and was refused: ssh-ed25519 ${fingerprint(sshd.hostKey.blob)}`,
    );
    expect(failure.hint).toContain('--accept-new');
    expect(sshd.attempts).toEqual([]);
  });

  test('is the case for all when anybody may write to the file, and that is said', async () => {
    const sshd = await start();
    world.trust(sshd);
    chmodSync(world.knownHosts, 0o606);
    const context = world.context();
    expect(context.config.problems).toEqual([expect.stringContaining('anybody may write to it: chmod o-w')]);
    expect(mustFail(await connectHost(makeHost('web1', { port: sshd.port }), context)).reason).toBe('host-key-unknown');
    chmodSync(world.knownHosts, 0o600);
    must(await connectHost(makeHost('web1', { port: sshd.port }), world.context())).close();
  });

  test('is shown and asked about on a terminal, once for hosts behind the same address', async () => {
    const sshd = await start();
    const asker = makeAsker({ hostKey: true });
    const hosts = ['a', 'b', 'c'].map((name) => makeHost(name, { port: sshd.port }));
    const results = await connectHosts(hosts, world.context({ asker }));
    for (const result of results.values()) must(result).close();
    expect(asker.asked).toEqual([`hostKey a [127.0.0.1]:${sshd.port} ssh-ed25519 ${fingerprint(sshd.hostKey.blob)}`]);
    expect(known()).toBe(`[127.0.0.1]:${sshd.port} ssh-ed25519 ${sshd.hostKey.blob.toString('base64')}\n`);
    must(await connectHost(makeHost('d', { port: sshd.port }), world.context())).close();
  });

  test('is refused when the operator says no, and nothing is recorded', async () => {
    const sshd = await start();
    const asker = makeAsker({ hostKey: false });
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), world.context({ asker })));
    expect(failure).toMatchObject({
      reason: 'host-key-unknown',
      detail: expect.stringContaining('was not accepted') as string,
    });
    expect(() => known()).toThrow('ENOENT');
  });

  test('does not cost the host its deadline while the operator thinks', async () => {
    const sshd = await start();
    const asker = makeAsker({ hostKey: true });
    const slow = {
      ...asker,
      hostKey: async () => {
        await new Promise((resolve) => setTimeout(resolve, 3500));
        return true;
      },
    };
    const host = makeHost('web1', { port: sshd.port, connectTimeout: 2 });
    must(await connectHost(host, world.context({ asker: slow }))).close();
  });

  test('is recorded by --accept-new: a new file of mode 0600, a line a host, nothing twice', async () => {
    const fleet = await Promise.all([start(), start(), start()]);
    const env = { LVSCTL_KNOWN_HOSTS: join(world.home, 'new/known_hosts') };
    const hosts = fleet.flatMap((sshd, index) => [
      makeHost(`a${index}`, { port: sshd.port }),
      makeHost(`b${index}`, { port: sshd.port }),
    ]);
    const results = await connectHosts(hosts, world.context({ acceptNew: true, env }));
    for (const result of results.values()) must(result).close();
    const lines = readFileSync(env.LVSCTL_KNOWN_HOSTS, 'utf8').split('\n').sort();
    expect(lines).toEqual(
      [
        '',
        ...fleet.map((sshd) => `[127.0.0.1]:${sshd.port} ssh-ed25519 ${sshd.hostKey.blob.toString('base64')}`),
      ].sort(),
    );
    expect(statSync(env.LVSCTL_KNOWN_HOSTS).mode & 0o777).toBe(0o600);
    expect(statSync(join(world.home, 'new')).mode & 0o777).toBe(0o700);
  });

  test('is recorded on a line of its own, whatever the file ends with', async () => {
    const sshd = await start();
    world.write('.ssh/known_hosts', `other ${makeKey().public}`);
    must(await connectHost(makeHost('web1', { port: sshd.port }), world.context({ acceptNew: true }))).close();
    expect(known().trim().split('\n')).toHaveLength(2);
  });

  test('is refused when it cannot be recorded', async () => {
    const sshd = await start();
    const env = { LVSCTL_KNOWN_HOSTS: '/proc/nowhere/known_hosts' };
    const context = world.context({ acceptNew: true, env });
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), context));
    expect(failure).toMatchObject({
      reason: 'host-key-unknown',
      detail: expect.stringContaining('cannot be recorded') as string,
    });
  });
});

describe('a host key that has changed', () => {
  test('is refused, with file, line, both fingerprints and the way out, --accept-new or not', async () => {
    const sshd = await start();
    const old = makeKey();
    world.write('.ssh/known_hosts', `# comment\n[127.0.0.1]:${sshd.port} ${old.public}\n`);
    const before = known();
    const asker = makeAsker({ hostKey: true });
    for (const acceptNew of [false, true]) {
      const context = world.context({ acceptNew, asker });
      const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), context));
      expect(failure.reason).toBe('host-key-changed');
      expect(failure.detail).toBe(
        `the host key has changed: ${world.knownHosts} line 2 has ssh-ed25519 ${fingerprint(old.blob)}, ` +
          `but the host now shows ssh-ed25519 ${fingerprint(sshd.hostKey.blob)}`,
      );
      expect(failure.hint).toContain(`ssh-keygen -R '[127.0.0.1]:${sshd.port}' -f '${world.knownHosts}'`);
    }
    expect(asker.asked).toEqual([]);
    expect(sshd.attempts).toEqual([]);
    expect(known()).toBe(before);
  });

  test('is refused when the host no longer has a key of the type that is known', async () => {
    const sshd = await start();
    world.write('.ssh/known_hosts', `[127.0.0.1]:${sshd.port} ${makeKey('ecdsa').public}\n`);
    const failure = mustFail(
      await connectHost(makeHost('web1', { port: sshd.port }), world.context({ acceptNew: true })),
    );
    expect(failure.reason).toBe('host-key-changed');
    expect(failure.detail).toContain('ecdsa-sha2-nistp256 SHA256:');
  });
});

test.each(['ecdsa', 'rsa'] as const)('a host known by its %s key only is asked for that one', async (type) => {
  const keys = [makeKey(), makeKey('ecdsa'), makeKey('rsa')];
  const sshd = await start({ hostKeys: keys });
  const key = keys.find((each) => each.type.includes(type));
  world.write('.ssh/known_hosts', `[127.0.0.1]:${sshd.port} ${key?.public ?? ''}\n`);
  must(await connectHost(makeHost('web1', { port: sshd.port }), world.context())).close();
});

test('a revoked key is refused, also when it is known', async () => {
  const sshd = await start();
  const line = `[127.0.0.1]:${sshd.port} ${sshd.hostKey.public}\n`;
  world.write('.ssh/known_hosts', `${line}@revoked * ${sshd.hostKey.public}\n`);
  const failure = mustFail(
    await connectHost(makeHost('web1', { port: sshd.port }), world.context({ acceptNew: true })),
  );
  expect(failure).toMatchObject({ reason: 'host-key-revoked', detail: expect.stringContaining('line 2') as string });
});

test('a certificate authority vouches for nobody', async () => {
  const sshd = await start();
  world.write('.ssh/known_hosts', `@cert-authority * ${sshd.hostKey.public}\n`);
  const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), world.context()));
  expect(failure.reason).toBe('host-key-unknown');
});
