import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHost, connectHosts } from '../../src/ssh/session.ts';
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
  return sshd;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition()).toBe(true);
}

describe('through two bastions', () => {
  test('five hosts share one connection to each, every key is verified, and the last to close closes them', async () => {
    const outer = await start();
    const inner = await start();
    const fleet = await Promise.all([start(), start(), start(), start(), start()]);
    for (const sshd of [outer, inner, ...fleet]) world.trust(sshd);
    const proxyJump = `ops@127.0.0.1:${outer.port},root@127.0.0.1:${inner.port}`;
    const hosts = fleet.map((sshd, index) => makeHost(`web${index}`, { port: sshd.port, proxyJump }));
    const results = await connectHosts(hosts, world.context());
    const connections = hosts.map((host) => must(results.get(host.name)));
    for (const connection of connections) {
      const finished = must(await connection.run('echo here', { deadline: 10 }));
      expect(finished.stdout.toString()).toBe('here\n');
    }
    expect(outer).toMatchObject({ connections: 1, logins: 1, attempts: ['ops ssh-ed25519'] });
    expect(inner).toMatchObject({ connections: 1, logins: 1 });
    expect(outer.forwards).toEqual([`127.0.0.1:${inner.port}`]);
    expect([...inner.forwards].sort()).toEqual(fleet.map((sshd) => `127.0.0.1:${sshd.port}`).sort());
    for (const connection of connections.slice(1)) connection.close();
    await until(() => fleet.slice(1).every((sshd) => sshd.open() === 0));
    expect([outer.open(), inner.open()]).toEqual([1, 1]);
    must(await connections[0]?.run('true', { deadline: 10 }));
    connections[0]?.close();
    connections[0]?.close();
    await until(() => outer.open() === 0 && inner.open() === 0);
  });

  test.each(['outer', 'inner', 'host'] as const)('the key of the %s must be known', async (which) => {
    const [outer, inner, host] = [await start(), await start(), await start()];
    for (const [name, sshd] of Object.entries({ outer, inner, host })) if (name !== which) world.trust(sshd);
    const proxyJump = `127.0.0.1:${outer.port},127.0.0.1:${inner.port}`;
    const failure = mustFail(await connectHost(makeHost('web1', { port: host.port, proxyJump }), world.context()));
    expect(failure).toMatchObject({ reason: 'host-key-unknown', host: 'web1' });
    expect(failure.detail.startsWith('bastion 127.0.0.1: ')).toBe(which !== 'host');
    expect(failure.detail).toContain(`:${{ outer, inner, host }[which].port} is not known`);
    await until(() => outer.open() === 0 && inner.open() === 0);
  });
});

test('what the bastion says is told', async () => {
  const bastion = await start();
  const strict = await start({ noForwarding: true });
  world.trust(bastion);
  world.trust(strict);
  const closed = await start();
  await closed.stop();
  const host = makeHost('web1', { port: closed.port, proxyJump: `127.0.0.1:${bastion.port}` });
  expect(mustFail(await connectHost(host, world.context()))).toMatchObject({
    reason: 'unreachable',
    detail: expect.stringContaining(`127.0.0.1:${closed.port} cannot be reached`) as string,
  });
  const other = makeHost('web2', { port: bastion.port, proxyJump: `127.0.0.1:${strict.port}` });
  expect(mustFail(await connectHost(other, world.context()))).toMatchObject({
    reason: 'unreachable',
    hint: expect.stringContaining('AllowTcpForwarding') as string,
  });
  const refusing = await start({ authorized: [makeKey()] });
  world.trust(refusing);
  const third = makeHost('web3', { port: bastion.port, proxyJump: `jump@127.0.0.1:${refusing.port}` });
  expect(mustFail(await connectHost(third, world.context()))).toMatchObject({
    reason: 'login-refused',
    detail: expect.stringMatching(/^bastion 127\.0\.0\.1: .*login of jump/) as string,
  });
});

test('a bastion that goes away takes its hosts with it, and is connected to anew', async () => {
  const bastion = await start();
  const host = await start();
  world.trust(bastion);
  world.trust(host);
  const context = world.context();
  const web1 = makeHost('web1', { port: host.port, proxyJump: `127.0.0.1:${bastion.port}` });
  const connection = must(await connectHost(web1, context));
  const running = connection.run('sleep 30', { deadline: 60 });
  await until(() => host.commands.length === 1);
  bastion.cut();
  expect(mustFail(await running)).toMatchObject({ reason: 'link-lost', host: 'web1' });
  const again = must(await connectHost(web1, context));
  must(await again.run('true', { deadline: 10 }));
  again.close();
});
