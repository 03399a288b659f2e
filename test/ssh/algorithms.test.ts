import type { Algorithms } from 'ssh2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { algorithms } from '../../src/ssh/algorithms.ts';
import { connectHost } from '../../src/ssh/session.ts';
import { makeKey, startSshd, type Sshd } from './fake-sshd.ts';
import { makeHost, makeWorld, must, mustFail, type World } from './world.ts';

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
  world.trust(sshd);
  return sshd;
}

const old: [string, Algorithms, string, RegExp][] = [
  ['key exchange over a small group', { kex: ['diffie-hellman-group1-sha1'] }, 'KexAlgorithms', /key exchange/],
  ['key exchange with SHA-1', { kex: ['diffie-hellman-group14-sha1'] }, 'KexAlgorithms', /key exchange/],
  ['CBC', { cipher: ['aes128-cbc', 'aes256-cbc', '3des-cbc'] }, 'Ciphers', /cipher/],
  ['MACs with SHA-1', { hmac: ['hmac-sha1', 'hmac-sha1-etm@openssh.com'], cipher: ['aes128-ctr'] }, 'MACs', /MAC/],
  ['MACs with MD5', { hmac: ['hmac-md5'], cipher: ['aes128-ctr'] }, 'MACs', /MAC/],
  ['signatures with SHA-1', { serverHostKey: ['ssh-rsa'] }, 'ssh-keygen -A', /host key/],
];

describe.each(old)('a server that offers %s only', (_, offers, line, what) => {
  const server = () => start({ algorithms: offers, ...(offers.serverHostKey ? { hostKeys: [makeKey('rsa')] } : {}) });

  test('is refused before anything is said to it, with what to do', async () => {
    const sshd = await server();
    const failure = mustFail(await connectHost(makeHost('web1', { port: sshd.port }), world.context()));
    expect(failure).toMatchObject({ reason: 'unreachable', host: 'web1' });
    expect(failure.detail).toMatch(/offers only old algorithms: no matching/);
    expect(failure.detail).toMatch(what);
    expect(failure.hint).toContain(line);
    expect(sshd.attempts).toEqual([]);
  });

  test('is refused as a bastion', async () => {
    const [bastion, host] = [await server(), await start()];
    const proxyJump = `127.0.0.1:${bastion.port}`;
    const failure = mustFail(await connectHost(makeHost('web1', { port: host.port, proxyJump }), world.context()));
    expect(failure.detail).toMatch(/^bastion 127\.0\.0\.1: .*offers only old algorithms/);
    expect([bastion.attempts, host.connections]).toEqual([[], 0]);
  });

  test('is refused behind a bastion', async () => {
    const [bastion, host] = [await start(), await server()];
    const proxyJump = `127.0.0.1:${bastion.port}`;
    const failure = mustFail(await connectHost(makeHost('web1', { port: host.port, proxyJump }), world.context()));
    expect(failure.detail).toMatch(/^127\.0\.0\.1:\d+ offers only old algorithms/);
    expect(host.attempts).toEqual([]);
  });
});

test.each(Object.entries({ kex: algorithms().kex, cipher: algorithms().cipher, hmac: algorithms().hmac }))(
  'each %s that is listed is enough for a login',
  async (kind, names) => {
    // The server of ssh2 cannot do the group exchange; its client can.
    for (const name of (names as string[]).filter((one) => !one.includes('group-exchange'))) {
      const only = { [kind]: [name], ...(kind === 'hmac' ? { cipher: ['aes128-ctr'] } : {}) } as Algorithms;
      const sshd = await start({ algorithms: only });
      must(await connectHost(makeHost('web1', { port: sshd.port }), world.context())).close();
    }
  },
);

test('nothing that is offered is broken, and docs/ssh.md lists it', async () => {
  const { readFileSync } = await import('node:fs');
  const page = readFileSync('docs/ssh.md', 'utf8');
  const { kex, cipher, hmac, serverHostKey, compress } = algorithms();
  const all = [kex, cipher, hmac, serverHostKey, compress].flat() as string[];
  for (const name of all) {
    expect(name).not.toMatch(/sha1(?!\d)|md5|cbc|arcfour|3des|group1-|ssh-dss|^ssh-rsa$|zlib|blowfish|ripemd|-96/);
    expect(page, name).toContain(`\`${name}\``);
  }
});
