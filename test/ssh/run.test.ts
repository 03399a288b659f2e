import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSshd, type Sshd } from './fake-sshd.ts';
import { connectTo, makeWorld, must, type World } from './world.ts';
import type { Connection } from '../../src/ssh/connection.ts';

let world: World;
let sshd: Sshd;
let connection: Connection;

beforeAll(async () => {
  world = makeWorld();
  sshd = await startSshd({ authorized: [world.key] });
  world.trust(sshd);
  connection = await connectTo(world, sshd);
});

afterAll(async () => {
  connection.close();
  await sshd.stop();
  world.remove();
});

describe('a script', () => {
  test('gives its output and its exit code, over one channel', async () => {
    const before = connection.channels;
    const finished = must(await connection.run('echo out; echo err >&2; exit 7', { deadline: 10 }));
    expect(finished).toEqual({ code: 7, signal: undefined, stdout: Buffer.from('out\n'), stderr: 'err\n' });
    expect(connection.channels).toBe(before + 1);
  });
});
