import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { once, series, type Destination } from '../../src/verify/client.ts';
import { readOnce, readSeries } from '../../src/verify/replies.ts';
import { Commands, runSection, whereIs } from './shell.ts';

const mark = 'abcdef0123456789abcdef01';
let server: Server;
let port = 0;
let connections = 0;
let agents: (string | undefined)[] = [];
let closedPort = 0;

beforeAll(async () => {
  let count = 0;
  server = createServer((request, response) => {
    count += 1;
    if (request.url === '/unsteady' && count % 3 === 0) {
      request.socket.destroy();
      return;
    }
    agents.push(request.headers['user-agent']);
    response.setHeader('X-Real-Server', `web${(count % 3) + 1}`);
    // What a hostile server may say does not pass for the client's own lines.
    response.setHeader('X-Forged', `${mark.slice(1)} exit 7`);
    response.statusCode = request.url === '/healthz' ? 200 : 404;
    response.end('body\n');
  }).on('connection', () => (connections += 1));
  const spare = createServer();
  await Promise.all([server, spare].map((one) => new Promise<void>((done) => one.listen(0, '127.0.0.1', done))));
  port = (server.address() as AddressInfo).port;
  closedPort = (spare.address() as AddressInfo).port;
  await new Promise((done) => spare.close(done));
});
afterAll(() => server.close());

const basic = ['bash', 'timeout', 'sleep'];
const places = {
  'with curl': () => new Commands().real('curl', ...basic),
  // Before 7.75 curl does not say how each of several transfers ended.
  'with an older curl': () =>
    new Commands().real(...basic).fake(
      'curl',
      `[ "$1" != -V ] || { echo 'curl 7.74.0 (x86_64-pc-linux-gnu)'; exit; }
      for one; do case "$one" in --fail-early | -Z) exit 2 ;; esac; done
      exec ${whereIs('curl')} "$@"`,
    ),
  'with bash alone': () => new Commands().real(...basic),
};
const page = (path: string, padding = 0): Destination['asking'] => ({
  by: 'page',
  scheme: 'http',
  path,
  host: undefined,
  padding,
});
const connection: Destination['asking'] = { by: 'connection' };
const to = (change: Partial<Destination> = {}): Destination => ({
  address: '127.0.0.1',
  port,
  asking: page('/healthz'),
  ...change,
});

it('starts one curl for all requests of a service', async () => {
  const commands = new Commands()
    .real(...basic)
    .fake('curl', `[ "$1" = -V ] || echo "started $1"; exec ${whereIs('curl')} "$@"`);
  const { output } = await runSection(series([to()], 30, mark), commands.folder);
  expect(readSeries(output, mark)[0]).toHaveLength(30);
  expect(output.match(/^started -q$/gm)).toHaveLength(1);
});

it('starts one curl for a request to each of several', async () => {
  const commands = new Commands().real(...basic).fake('curl', `echo "started $1"; exec ${whereIs('curl')} "$@"`);
  const many = [to(), to({ port: closedPort }), to({ asking: page('/none') })];
  const { output } = await runSection(once(many, mark), commands.folder);
  const replies = readOnce(output, mark);
  expect([...replies].map(([number, { status }]) => [number, status]).sort()).toEqual([
    [0, 200],
    [1, undefined],
    [2, 404],
  ]);
  expect(replies.get(1)).toMatchObject({ exit: 7, complaint: expect.stringContaining('curl: (7)') as string });
  expect(output.match(/^started /gm)).toHaveLength(1);
});

describe.each(Object.entries(places))('a client %s', (_name, place) => {
  const path = place().folder;

  it('sends each request on a connection of its own, and reads who answered', async () => {
    connections = 0;
    const { output } = await runSection(series([to(), to({ asking: page('/none') })], 6, mark), path);
    const [good, bad, ...rest] = readSeries(output, mark);
    expect(rest).toEqual([]);
    expect(good?.map(({ exit, status }) => [exit, status])).toEqual(Array.from({ length: 6 }, () => [0, 200]));
    expect(new Set(good?.map(({ server: who }) => who))).toEqual(new Set(['web1', 'web2', 'web3']));
    expect(bad?.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 404));
    expect(connections).toBe(12);
  });

  it('goes on after a request without an answer, and says which it was', async () => {
    const { output } = await runSection(series([to({ asking: page('/unsteady') })], 7, mark), path);
    const [replies] = readSeries(output, mark);
    expect(replies).toHaveLength(7);
    const lost = replies?.filter(({ exit }) => exit !== 0) ?? [];
    expect(lost.length).toBeGreaterThanOrEqual(2);
    for (const { status, complaint } of lost) {
      expect(status).toBeUndefined();
      expect(complaint).not.toBe('');
    }
  });

  it('makes a request as large as is wished', async () => {
    agents = [];
    const { output } = await runSection(once([to({ asking: page('/healthz', 4_000) }), to()], mark), path);
    expect([...readOnce(output, mark).values()].map(({ status }) => status)).toEqual([200, 200]);
    expect(agents.map((name) => name?.length).sort()).toEqual([4_006, 6]);
  });

  it('gives up after three failures one after the other', async () => {
    const { output } = await runSection(series([to({ port: closedPort }), to()], 6, mark), path);
    const [dead, alive] = readSeries(output, mark);
    expect(dead).toHaveLength(3);
    for (const { exit, complaint } of dead ?? []) {
      expect(exit).not.toBe(0);
      expect(complaint.toLowerCase()).toMatch(/refused|failed to connect|could not connect/);
    }
    expect(alive).toHaveLength(6);
  });

  it('connects without saying anything where there is no path', async () => {
    const { output } = await runSection(
      once([to({ asking: connection }), to({ asking: connection, port: closedPort })], mark),
      path,
    );
    const replies = readOnce(output, mark);
    expect(replies.get(0)).toMatchObject({ exit: 0, status: undefined });
    expect(replies.get(1)?.exit).toBeGreaterThan(0);
    expect(replies.get(1)?.complaint).toContain('refused');
  });

  it('asks many at once', async () => {
    const many = Array.from({ length: 45 }, (_, index) => to(index % 9 === 0 ? { port: closedPort } : {}));
    const replies = readOnce((await runSection(once(many, mark), path)).output, mark);
    expect([...replies.keys()].sort((a, b) => a - b)).toEqual(many.map((_, index) => index));
    expect([...replies.values()].filter(({ status }) => status === 200)).toHaveLength(40);
  });
});

describe('a client', () => {
  it('says so where there is nothing to do it with', async () => {
    const path = new Commands().real('sleep').folder;
    const { output } = await runSection(series([to(), to({ asking: connection })], 5, mark), path);
    expect(readSeries(output, mark).map((replies) => replies.map(({ exit }) => exit))).toEqual([
      [127, 127, 127],
      [127, 127, 127],
    ]);
  });

  it('takes a value for what it is, whatever is in it', async () => {
    const path = new Commands().real('curl', ...basic).folder;
    const { output } = await runSection(series([to({ asking: page(`/$(echo gone >&2)'"; exit 9`) })], 1, mark), path);
    expect(readSeries(output, mark)[0]).toHaveLength(1);
    expect(output).not.toMatch(/gone|exit 9/);
  });

  it('writes an IPv6 address as a URL has it', () => {
    expect(series([to({ address: 'fd00::1', port: 80 })], 1, mark)).toContain(
      "series get http '[fd00::1]' 'fd00::1' '[fd00::1]' 80 '/healthz'",
    );
  });
});
