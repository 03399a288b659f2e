import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asksForPassword, commandLine, framed, readyLine } from '../../src/ssh/envelope.ts';
import { makeWorld, type World } from './world.ts';

const tokens = { frame: '0123456789abcdef0123456789abcdef', prompt: 'lvsctl-fedcba98765432100123456789abcdef:' };

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => {
  world.remove();
});

function run(input: Buffer, shell = 'sh'): SpawnSyncReturns<Buffer> {
  const command = commandLine('plain', tokens).replace('/bin/sh', shell === 'sh' ? '/bin/sh' : `/bin/${shell}`);
  return spawnSync(shell, ['-c', command], { input, maxBuffer: 64 * 1024 * 1024 });
}

function output(script: string, shell = 'sh'): string {
  const { stdout } = run(framed(script, tokens), shell);
  expect(stdout.toString().startsWith(readyLine(tokens))).toBe(true);
  return stdout.toString().slice(readyLine(tokens).length);
}

describe('the command line', () => {
  test.each(['plain', 'sudo', 'sudo-silent'] as const)('%s means the same to every shell', (elevation) => {
    const command = commandLine(elevation, tokens);
    const quoted = [...command.matchAll(/'([^']*)'/g)].map((match) => match[1]);
    expect(quoted).toHaveLength(1);
    // What fish and csh give a meaning to between single quotes, and what no login shell may see outside of them.
    expect(quoted[0]).not.toMatch(/[\\!\n]/);
    expect(command.replace(/'[^']*'/, '')).toMatch(/^[\w /:.=-]+$/);
  });

  test('has nothing of the script', () => {
    expect(commandLine('plain', tokens).length).toBeLessThan(1500);
    expect(framed('echo secret', tokens).toString()).toContain('echo secret');
  });
});

describe.each(['sh', 'bash'])('a script run by %s', (shell) => {
  test('finds a sane environment, an empty standard input and no arguments', () => {
    const script = 'echo "$LC_ALL $(umask) $# $(pwd)"; cat; case $PATH in */usr/sbin*) echo ok;; esac; echo "$0"';
    expect(output(script, shell)).toBe('C 0022 0 /\nok\nlvsctl\n');
  });

  test('is any script: here-documents, quotes, functions, an exit code, a last line without an end', () => {
    const script = `f() { printf '%s\\n' "$1"; }\nf "it's"\ncat <<'END'\n$not \`expanded\`\nEND\n# the end`;
    expect(output(script, shell)).toBe("it's\n$not `expanded`\n");
    expect(run(framed('exit 42', tokens), shell).status).toBe(42);
    expect(run(framed('if', tokens), shell).status).not.toBe(0);
  });

  test('may be several megabytes', () => {
    const line = `: 'äöü ${'x'.repeat(90)}'\n`;
    const started = performance.now();
    expect(output(`${line.repeat(50_000)}echo done`, shell)).toBe('done\n');
    expect(performance.now() - started).toBeLessThan(100_000);
  });

  test('that is cut anywhere does nothing at all', () => {
    const trace = join(world.home, 'trace');
    const whole = framed(`echo ran >'${trace}'\ncd /tmp\n{ echo more >>'${trace}'\n}`, tokens);
    for (let length = 0; length < whole.length; length++) {
      const { status, stderr } = run(whole.subarray(0, length), shell);
      expect(existsSync(trace), `cut after ${length} of ${whole.length} bytes`).toBe(false);
      expect(status).toBe(75);
      expect(stderr.toString()).toContain('nothing was run');
    }
    expect(run(whole, shell).status).toBe(0);
    expect(existsSync(trace)).toBe(true);
    rmSync(trace);
  }, 60_000);

  test('is not preceded by what was sent before it', () => {
    const trace = join(world.home, 'stray');
    const input = Buffer.concat([Buffer.from(`touch '${trace}'\n`), framed('echo ran', tokens)]);
    expect(run(input, shell).stdout.toString()).toBe(`${readyLine(tokens)}ran\n`);
    expect(existsSync(trace)).toBe(false);
  });
});

test('a NUL byte in a script is a bug', () => {
  expect(() => framed('a\0', tokens)).toThrow('NUL');
});

test.each([
  ['', false],
  [tokens.prompt, true],
  [`We trust you have received the usual lecture.\n\n${tokens.prompt}`, true],
  [`[sudo: ${tokens.prompt}] Password: `, true],
  [`[sudo: ${tokens.prompt}`, true],
  [`${tokens.prompt}\n`, false],
  [`+ sudo -S -p ${tokens.prompt}`, false],
  [`+ sudo -S -p ${tokens.prompt} -- /bin/sh`, false],
  [tokens.prompt.slice(0, -1), false],
  ['[sudo] password for ops: ', false],
])('%j asks for the password: %s', (stderr, asks) => {
  expect(asksForPassword(stderr, tokens)).toBe(asks);
});
