import { createServer, type Server, type Socket, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHost, connectHosts } from '../../src/ssh/session.ts';
import { startSshd, type Sshd } from './fake-sshd.ts';
import { makeHost, makeWorld, must, mustFail, type World } from './world.ts';

let world: World;
let sshds: Sshd[];
let servers: Server[];
let sockets: Socket[];

beforeEach(() => {
  world = makeWorld();
  sshds = [];
  servers = [];
  sockets = [];
});
afterEach(async () => {
  for (const sshd of sshds) await sshd.stop();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  world.remove();
});

async function start(options: Parameters<typeof startSshd>[0] = {}): Promise<Sshd> {
  const sshd = await startSshd({ authorized: [world.key], ...options });
  sshds.push(sshd);
  world.trust(sshd);
  return sshd;
}

/** A server that does as told with each connection. */
async function startTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('unreachable', () => {
  test('nothing listens', async () => {
    const port = await startTcp(() => undefined);
    await new Promise((resolve) => servers[0]?.close(resolve));
    const failure = mustFail(await connectHost(makeHost('web1', { port }), world.context()));
    expect(failure).toMatchObject({
      reason: 'unreachable',
      host: 'web1',
      detail: `127.0.0.1:${port} refused the connection (ECONNREFUSED)`,
    });
    expect(failure.hint).toContain('sshd');
  });

  test('a name that does not resolve', async () => {
    const host = makeHost('web1', { host: 'no-such-host.invalid' });
    const failure = mustFail(await connectHost(host, world.context()));
    expect(failure.reason).toBe('unreachable');
    expect(failure.detail).toMatch(/^no-such-host\.invalid:22 is a name that .*resolve/);
  });

  test('something that closes at once, or is no sshd', async () => {
    const closing = await startTcp((socket) => socket.end());
    const http = await startTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const hostile = await startTcp((socket) => socket.end(`SSH-2.0-\u001b[2J\r\n${'\u001b]0;x\u0007'.repeat(500)}`));
    for (const port of [closing, http, hostile]) {
      const failure = mustFail(await connectHost(makeHost('web1', { port }), world.context()));
      expect(failure.reason).toBe('unreachable');
      expect(failure.detail).toContain(`127.0.0.1:${port} did not complete the SSH handshake`);
      expect(failure.detail).not.toContain('\u001b');
    }
  });
});

describe('the deadline says where it stopped', () => {
  test('a server that accepts and never speaks', async () => {
    const port = await startTcp(() => undefined);
    const failure = mustFail(await connectHost(makeHost('web1', { port, connectTimeout: 1 }), world.context()));
    expect(failure.reason).toBe('timeout');
    expect(failure.detail).toBe(
      `127.0.0.1:${port} accepted the connection but did not finish the SSH handshake within 1 s`,
    );
  });

  test('a server that never finishes authentication', async () => {
    const sshd = await start({ hangAtLogin: true });
    const host = makeHost('web1', { port: sshd.port, connectTimeout: 2 });
    const failure = mustFail(await connectHost(host, world.context()));
    expect(failure.reason).toBe('timeout');
    expect(failure.detail).toBe(`127.0.0.1:${sshd.port} did not finish authentication as root within 2 s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sshd.open()).toBe(0);
  });

  test('a bastion that never speaks', async () => {
    const port = await startTcp(() => undefined);
    const host = makeHost('web1', { connectTimeout: 1, proxyJump: `127.0.0.1:${port}` });
    const failure = mustFail(await connectHost(host, world.context()));
    expect(failure).toMatchObject({ reason: 'timeout', host: 'web1' });
    expect(failure.detail).toMatch(/^bastion 127\.0\.0\.1: /);
  });
});

describe('many hosts', () => {
  test('are connected a bounded number at once, and told in order', async () => {
    const sshd = await start();
    const hosts = Array.from({ length: 30 }, (_, index) => makeHost(`web${index}`, { port: sshd.port }));
    const told: string[] = [];
    const results = await connectHosts(hosts, world.context(), {
      concurrency: 4,
      onResult: (host, result) => told.push(`${host.name} ${String(result.ok)}`),
    });
    expect([...results.keys()]).toEqual(hosts.map((host) => host.name));
    expect(told).toHaveLength(30);
    expect(told).toContain('web29 true');
    for (const result of results.values()) must(result).close();
  });

  test('one that fails does not hold up the others', async () => {
    const sshd = await start();
    const port = await startTcp(() => undefined);
    const hosts = [makeHost('dead', { port, connectTimeout: 1 }), makeHost('alive', { port: sshd.port })];
    const results = await connectHosts(hosts, world.context(), { concurrency: 2 });
    expect(results.get('dead')?.ok).toBe(false);
    must(results.get('alive')).close();
  });

  test('stop when they are told to', async () => {
    const port = await startTcp(() => undefined);
    const hosts = Array.from({ length: 5 }, (_, index) => makeHost(`web${index}`, { port, connectTimeout: 60 }));
    const controller = new AbortController();
    const connecting = connectHosts(hosts, world.context(), { concurrency: 2, signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 300);
    const results = await connecting;
    expect([...results.values()].map((result) => (result.ok ? 'ok' : result.error.reason))).toEqual(
      hosts.map(() => 'aborted'),
    );
  });
});
