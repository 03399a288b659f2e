import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/ssh/connection.ts';
import { startSshd, type Sshd, type SshdOptions } from './fake-sshd.ts';
import { connectTo, makeWorld, must, mustFail, type World } from './world.ts';

let world: World;
let sshd: Sshd;
let connection: Connection;
let others: Sshd[] = [];

beforeAll(async () => {
  world = makeWorld();
  sshd = await startSshd({ authorized: [world.key] });
  world.trust(sshd);
  connection = await connectTo(world, sshd);
});
afterEach(async () => {
  for (const other of others) await other.stop();
  others = [];
});
afterAll(async () => {
  connection.close();
  await sshd.stop();
  world.remove();
});

/** A server that answers every script in its own way. */
async function connectToOdd(options: SshdOptions): Promise<{ odd: Sshd; link: Connection }> {
  const odd = await startSshd({ authorized: [world.key], ...options });
  others.push(odd);
  world.trust(odd);
  return { odd, link: await connectTo(world, odd) };
}

/** The line that a host must answer before anything else counts. */
function ready(command: string): string {
  return `lvsctl-ready-${command.split(' ').at(-1) ?? ''}\n`;
}

describe('a script', () => {
  test('gives its output and its exit code, over one channel', async () => {
    const before = connection.channels;
    const finished = must(await connection.run('echo out; echo err >&2; exit 7', { deadline: 10 }));
    expect(finished).toEqual({ code: 7, signal: undefined, stdout: Buffer.from('out\n'), stderr: 'err\n' });
    expect(connection.channels).toBe(before + 1);
  });

  test('that a signal ends has no exit code', async () => {
    const finished = must(await connection.run('kill -9 $$', { deadline: 10 }));
    expect(finished).toMatchObject({ code: undefined, signal: 'SIGKILL' });
  });

  test('hands out its lines as they come, any bytes', async () => {
    const lines: string[] = [];
    const script = `echo one; printf 'tw'; printf 'o\\n\\303\\n'; printf 'no end'`;
    const finished = must(await connection.run(script, { deadline: 10, onLine: (line) => lines.push(line) }));
    expect(lines).toEqual(['one', 'two', '\ufffd']);
    expect(finished.stdout).toEqual(Buffer.from('one\ntwo\n\u00c3\nno end', 'latin1'));
  });

  test('cannot drive the terminal by its errors', async () => {
    const finished = must(await connection.run(`printf '\\033[2Jgone\\n' >&2`, { deadline: 10 }));
    expect(finished.stderr).toBe('\\x1b[2Jgone\n');
  });

  test('may be several megabytes, and so may its output; neither is on a command line', async () => {
    const text = `${'0123456789abcdef'.repeat(64)}\n`.repeat(4000);
    const finished = must(await connection.run(`cat <<'END'\n${text}END\n`, { deadline: 30 }));
    expect(finished.stdout.length).toBe(text.length);
    expect(finished.stdout.toString() === text).toBe(true);
    expect(sshd.commands.join('\n')).not.toContain('0123456789abcdef0123456789abcdef');
  });

  test('runs beside others, a bounded number at once', async () => {
    const runs = Array.from({ length: 20 }, (_, index) => connection.run(`echo ${index}`, { deadline: 20 }));
    const outputs = (await Promise.all(runs)).map((result) => must(result).stdout.toString().trim());
    expect(outputs).toEqual(Array.from({ length: 20 }, (_, index) => String(index)));
  });
});

describe('a login shell', () => {
  test('may say what it likes before', async () => {
    const noisy = world.write(
      'noisy',
      '#!/bin/sh\nprintf "welcome to \\033[1mweb1"\necho warning >&2\nexec sh "$@"\n',
      0o700,
    );
    const { link } = await connectToOdd({ shell: noisy });
    const finished = must(await link.run('echo out; echo err >&2', { deadline: 10 }));
    expect(finished).toEqual({ code: 0, signal: undefined, stdout: Buffer.from('out\n'), stderr: 'err\n' });
  });

  test('may be bash', async () => {
    const { link } = await connectToOdd({ shell: '/bin/bash' });
    expect(must(await link.run('echo "$0"', { deadline: 10 })).stdout.toString()).toBe('lvsctl\n');
  });

  test.each([0, 1])('that runs nothing is no success, whatever its exit code (%i)', async (code) => {
    const nologin = world.write('nologin', `#!/bin/sh\necho "This account is not available."\nexit ${code}\n`, 0o700);
    const { link } = await connectToOdd({ shell: nologin });
    const failure = mustFail(await link.run('echo out', { deadline: 10 }));
    expect(failure.reason).toBe('no-shell');
    expect(failure.detail).toBe('the login shell of root did not run sh; it said “This account is not available.”');
  });

  test('that eats the beginning of the script gets nothing run', async () => {
    const trace = join(world.home, 'eaten');
    const eater = world.write('eater', '#!/bin/sh\nhead -c 20 >/dev/null\nexec sh "$@"\n', 0o700);
    const { link } = await connectToOdd({ shell: eater });
    const finished = must(await link.run(`touch '${trace}'`, { deadline: 10 }));
    expect(finished.code).toBe(75);
    expect(finished.stderr).toContain('nothing was run');
    expect(existsSync(trace)).toBe(false);
  });
});

describe('a run that is given up', () => {
  test('at its deadline: the host is asked to end it, and the connection still serves', async () => {
    const { odd, link } = await connectToOdd({});
    const failure = mustFail(await link.run('echo started; sleep 60', { deadline: 1 }));
    expect(failure).toMatchObject({ reason: 'timeout', host: 'web1', detail: 'the script did not end within 1 s' });
    expect(must(await link.run('echo again', { deadline: 10 })).stdout.toString()).toBe('again\n');
    expect(odd.signals).toEqual(['TERM']);
  });

  test('at its deadline, when the host answers nothing', async () => {
    const { link } = await connectToOdd({ onExec: () => undefined });
    expect(mustFail(await link.run('true', { deadline: 1 }))).toMatchObject({ reason: 'timeout' });
  });

  test('when it is stopped', async () => {
    const controller = new AbortController();
    const running = connection.run('echo started; sleep 60', {
      deadline: 60,
      signal: controller.signal,
      onLine: () => {
        controller.abort();
      },
    });
    expect(mustFail(await running).reason).toBe('aborted');
    expect(mustFail(await connection.run('true', { deadline: 5, signal: AbortSignal.abort() })).reason).toBe('aborted');
  });

  test.each(['', ' >&2'])('when it floods its output (yes%s)', async (where) => {
    const failure = mustFail(await connection.run(`yes${where}`, { deadline: 20, maxOutput: 100_000 }));
    expect(failure).toMatchObject({ reason: 'too-much-output', detail: 'the script wrote more than 100000 bytes' });
    expect(must(await connection.run('echo again', { deadline: 10 })).stdout.toString()).toBe('again\n');
  });

  test('when the host floods and will not stop, the connection is dropped', async () => {
    const { odd, link } = await connectToOdd({
      onExec: (command, channel) => {
        channel.stdout.write(ready(command));
        const block = Buffer.alloc(1 << 16, 'x');
        const flood = setInterval(() => channel.stdout.write(block), 5);
        channel.close = () => undefined; // it does not answer the close either
        channel.on('end', () => undefined);
        setTimeout(() => {
          clearInterval(flood);
        }, 9000);
      },
    });
    const failure = mustFail(await link.run('true', { deadline: 20, maxOutput: 100_000 }));
    expect(failure.reason).toBe('too-much-output');
    await expect.poll(() => odd.open(), { timeout: 10_000 }).toBe(0);
    expect(mustFail(await link.run('true', { deadline: 5 })).reason).toBe('link-lost');
  });
});

describe('a link that is lost', () => {
  test('while the script runs is no success', async () => {
    const { odd, link } = await connectToOdd({});
    const running = link.run('echo half; sleep 60', {
      deadline: 60,
      onLine: () => {
        odd.cut();
      },
    });
    const failure = mustFail(await running);
    expect(failure.reason).toBe('link-lost');
    expect(failure.detail).toMatch(/^the connection was lost while the script ran/);
    const after = mustFail(await link.run('true', { deadline: 5 }));
    expect(after).toMatchObject({ reason: 'link-lost', hint: 'nothing was run: run the same again' });
    link.close();
  });

  test('a channel that is closed without an exit code is no success either', async () => {
    const { link } = await connectToOdd({
      onExec: (command, channel) => {
        channel.stdout.write(ready(command));
        channel.end();
      },
    });
    const failure = mustFail(await link.run('true', { deadline: 5 }));
    expect(failure.detail).toMatch(/^the host closed the channel while the script ran/);
  });

  test('after it was closed', async () => {
    const { link } = await connectToOdd({});
    link.close();
    link.close();
    expect(mustFail(await link.run('true', { deadline: 5 })).reason).toBe('link-lost');
  });

  test('a host that lies about its window or its lines does not harm', async () => {
    const { link } = await connectToOdd({
      onExec: (command, channel) => {
        channel.stderr.write(Buffer.alloc(3000, 0xff));
        channel.stdout.write(Buffer.concat([Buffer.alloc(200_000, 0x1b), Buffer.from(ready(command))]));
        channel.exit(0);
        channel.end();
      },
    });
    const finished = must(await link.run('true', { deadline: 5 }));
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(finished.stdout).toHaveLength(0);
  });
});
