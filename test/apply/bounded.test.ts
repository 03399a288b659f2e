import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ServerChannel } from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { applyPlan } from '../../src/apply/apply.ts';
import { confirmStage } from '../../src/apply/confirm.ts';
import { takeLocks } from '../../src/apply/locks.ts';
import type { Run } from '../../src/apply/run.ts';
import { survey } from '../../src/observe/survey.ts';
import { applyText } from '../../src/report/failures.ts';
import { plain } from '../../src/ui/style.ts';
import { connectHost, connectHosts } from '../../src/ssh/session.ts';
import type { Connection } from '../../src/ssh/connection.ts';
import type { DesiredHost } from '../../src/roles/index.ts';
import { verify } from '../../src/verify/verify.ts';
import { startSshd, type Sshd } from '../ssh/fake-sshd.ts';
import { makeHost, makeWorld, must, type World } from '../ssh/world.ts';
import { Box } from '../support/box.ts';
import { desiredOf, makeCluster } from '../support/cluster.ts';
import { holder } from '../support/run.ts';

// Promise 8, bounded: a host may hang, answer slowly or flood at any step; the others go on, and what is said in the end names it.
// All deadlines are those of the product divided by this, so that none of them is waited for in full.
const faster = 40;

/** How a host goes wrong once a script is sent to it, or once it is connected to. */
const faults = {
  'never answers': () => undefined,
  'answers a byte now and then': (write: (data: string) => void) =>
    setInterval(() => {
      write('x');
    }, 50),
  'never stops answering': (write: (data: string) => void) =>
    setInterval(() => {
      write('y\n'.repeat(20_000));
    }, 5),
} as const;
type FaultName = keyof typeof faults;
const names = Object.keys(faults) as FaultName[];

let world: World;
let box: Box;
let good: Sshd;
let bad: Sshd;
let fault: FaultName | undefined;
const timers = new Set<NodeJS.Timeout>();
const servers: Server[] = [];
const sockets = new Set<Socket>();

/** Starts to go wrong as told. */
function goWrong(name: FaultName, write: (data: string) => void): void {
  const timer = faults[name](write);
  if (timer) timers.add(timer);
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  world = makeWorld();
  box = await Box.open();
  const shell = world.write('shell', `#!/bin/sh\nexec ${box.entrance.join(' ')} sh "$@"\n`, 0o755);
  good = await startSshd({ authorized: [world.key], shell });
  bad = await startSshd({
    authorized: [world.key],
    onExec: (command: string, channel: ServerChannel) => {
      if (fault === undefined) throw new Error('the bad host is not told how to be');
      channel.on('end', () => undefined);
      channel.resume();
      // Its sh is there: that is all that is known of it.
      channel.write(`lvsctl-ready-${command.split(' ').at(-1) ?? ''}\n`);
      goWrong(fault, (data) => channel.write(data));
    },
  });
  world.trust(good);
  world.trust(bad);
});
afterEach(() => {
  for (const timer of timers) clearInterval(timer);
  timers.clear();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  bad.cut();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await good.stop();
  await bad.stop();
  await box.close();
  world.remove();
  vi.useRealTimers();
});

/** A host of the two, both at 127.0.0.1. */
const hostOf = (name: 'good' | 'bad', port: number, connectTimeout = 10): DesiredHost['host'] =>
  makeHost(name, { port, host: '127.0.0.1', connectTimeout }, { addresses: [] });

/** A connection whose deadlines and caps are small. */
const hurried = (connection: Connection): Connection => ({
  host: connection.host,
  get channels() {
    return connection.channels;
  },
  run: (script, options) =>
    connection.run(script, { ...options, deadline: options.deadline / faster, maxOutput: 1_000_000 }),
  close: () => {
    connection.close();
  },
});

/** Logs in to both, the bad one behaving as told from then on. */
async function both(name: FaultName): Promise<Map<string, Connection>> {
  fault = name;
  const context = world.context();
  const open = async (one: 'good' | 'bad'): Promise<[string, Connection]> => [
    one,
    hurried(must(await connectHost(hostOf(one, (one === 'good' ? good : bad).port), context))),
  ];
  return new Map([await open('bad'), await open('good')]);
}

const file = {
  kind: 'file',
  path: '/srv/file',
  content: 'text\n',
  mode: '0644',
  owner: 'root',
  group: 'root',
} as const;
const wishes = (): DesiredHost[] =>
  (['bad', 'good'] as const).map((name) => ({
    ...desiredOf([file]),
    host: hostOf(name, (name === 'good' ? good : bad).port),
  }));

/** What carries a run on these connections. */
const runOn = (connections: ReadonlyMap<string, Connection>, parts: Partial<Run> = {}): Run => ({
  holder,
  connections,
  listen: () => undefined,
  signal: new AbortController().signal,
  reconnect: async (host) => {
    const fresh = await connectHost(hostOf(host as 'bad', (host === 'good' ? good : bad).port), world.context());
    return fresh.ok ? { ok: true, value: hurried(fresh.value) } : fresh;
  },
  // It is looked for once more: by then its time is over.
  wait: () => {
    vi.setSystemTime(Date.now() + 60_000);
    return Promise.resolve();
  },
  ...parts,
});

describe.each(names)('a host that %s', { timeout: 90_000 }, (name) => {
  test('while it is connected to', async () => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      goWrong(name, (data) => socket.write(data));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const results = await connectHosts([hostOf('bad', port, 1), hostOf('good', good.port)], world.context());
    expect(results.get('bad')).toMatchObject({ ok: false, error: { host: 'bad' } });
    must(results.get('good')).close();
  });

  test('while it is looked at', async () => {
    const connections = await both(name);
    const found = await survey(
      wishes(),
      async (hosts, onResult) => {
        for (const host of hosts) {
          const connection = connections.get(host.name);
          if (connection) onResult(host.name, { ok: true, value: connection });
        }
        return Promise.resolve();
      },
      () => undefined,
    );
    expect([...found.observations.keys()]).toEqual(['good']);
    expect(found.unreadable).toMatchObject([{ host: 'bad' }]);
  });

  // Broken on purpose: Patience without its timers; seen to fail, the test's time being over.
  test('while it is locked: nothing is held afterwards', async () => {
    const connections = await both(name);
    const taken = await takeLocks(connections, {
      holder,
      wait: 0,
      listen: () => undefined,
      signal: new AbortController().signal,
      pause: () => Promise.resolve(),
      limits: { silence: 1, most: 2 },
    });
    expect(taken).toMatchObject({ ok: false, error: [{ reason: 'refused', host: 'bad' }] });
    expect(box.run('ls /run/lvsctl').stdout).toBe('');
  });

  test('while it is changed: the other host of the batch is, and it is named', async () => {
    const connections = await both(name);
    box.must('rm -f /srv/file');
    const steps = await box.steps([file]);
    const plan = {
      cluster: 'shop',
      hosts: ['bad', 'good'],
      stages: [
        {
          stage: 'base' as const,
          batches: [
            [
              { host: 'bad', steps },
              { host: 'good', steps },
            ],
          ],
        },
      ],
    };
    const result = await applyPlan(plan, runOn(connections));
    expect(result.failures).toMatchObject([{ host: 'bad', stage: 'base' }]);
    expect(box.must('cat /srv/file')).toBe('text\n');
    expect(applyText(result, plain).join('\n')).toMatch(/✖ bad, stage base: [^]*Failed on bad\./);
  });

  test('while it is to confirm', async () => {
    const connections = await both(name);
    const rejected = await confirmStage('bad', 0, 1, runOn(connections));
    expect(rejected).toMatchObject({ reason: 'unconfirmed' });
  });

  test('while it is proved: the others are, and it is named', async () => {
    const connections = await both(name);
    const desired = wishes();
    const report = await verify({
      cluster: makeCluster({ hosts: desired.map(({ host }) => host) }),
      desired,
      connections,
      listen: () => undefined,
      patience: 0,
      runLocal: () => Promise.reject(new Error('nothing is asked here')),
    });
    expect(report.ok).toBe(false);
    expect(report.hosts).toEqual(['good']);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ check: 'reachable', where: 'bad', status: 'failed' }),
    );
  });
});
