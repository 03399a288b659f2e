import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PacedSocket } from '../../src/ssh/paced-socket.ts';
import { Turns } from '../../src/turns.ts';

/** An event loop whose turns are over before anything is done in them, until it is let go. */
class Held {
  #later: (() => void)[] = [];
  #now = 0;
  #isHeld = true;
  readonly turns = new Turns({
    now: () => (this.#isHeld ? (this.#now += 1000) : this.#now),
    later: (call) => {
      if (this.#isHeld) this.#later.push(call);
      else setImmediate(call);
    },
  });

  constructor() {
    // The first question begins the turn; it is over at the next.
    expect(this.turns.free).toBe(true);
  }

  letGo(): void {
    this.#isHeld = false;
    for (const call of this.#later.splice(0)) setImmediate(call);
  }
}

let server: Server;
let accepted: Promise<Socket[]>;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  accepted = once(server, 'connection') as Promise<Socket[]>;
});

afterEach(() => {
  server.close();
});

async function open(held: Held): Promise<{ ours: PacedSocket; theirs: Socket }> {
  const ours = new PacedSocket(held.turns);
  ours.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const [theirs] = await accepted;
  if (theirs === undefined) throw new Error('nobody called');
  theirs.on('error', () => undefined);
  return { ours, theirs };
}

test('all that was sent arrives, in order and with its end, once its turn has come', async () => {
  const held = new Held();
  const { ours, theirs } = await open(held);
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  const received: Buffer[] = [];
  ours.on('data', (chunk: Buffer) => received.push(chunk));
  theirs.end(sent);
  await sleep(100);
  expect(received).toEqual([]);
  held.letGo();
  await once(ours, 'end');
  expect(Buffer.concat(received).equals(sent)).toBe(true);
});

test('while it waits it reads no more: who sends without end is held up', async () => {
  const held = new Held();
  const { ours, theirs } = await open(held);
  ours.on('data', () => undefined);
  const chunk = Buffer.alloc(1024 * 1024);
  let sent = 0;
  const more = (): void => {
    while (sent < 200 && theirs.write(chunk)) sent++;
  };
  theirs.on('drain', more);
  more();
  await sleep(300);
  expect(sent).toBeLessThan(100);
  expect(ours.bytesRead).toBeLessThan(1024 * 1024);
  theirs.destroy();
  ours.destroy();
});

test('a reset does not overtake what came before it', async () => {
  const held = new Held();
  const { ours, theirs } = await open(held);
  const seen: string[] = [];
  ours.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
  ours.on('error', () => seen.push('error'));
  theirs.write('the last word');
  await sleep(100);
  theirs.resetAndDestroy();
  await sleep(100);
  held.letGo();
  await new Promise((resolve) => ours.on('close', resolve));
  expect(seen).toEqual(['the last word', 'error']);
});

test('nothing is handed on after it was given up', async () => {
  const held = new Held();
  const { ours, theirs } = await open(held);
  const seen: string[] = [];
  ours.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
  theirs.write('too late');
  await sleep(100);
  ours.destroy();
  held.letGo();
  await sleep(50);
  expect(seen).toEqual([]);
  theirs.destroy();
});
