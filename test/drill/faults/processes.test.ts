import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freezeKeepalived, killKeepalived } from '../../../src/drill/faults/processes.ts';
import { makeShop } from '../../support/cluster.ts';

const folders: string[] = [];
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true });
});

/**
 * Runs a step's script over processes that are made up; gives the signals it sends. Undefined: a process that is gone by the time it is
 * looked at. `status` is how kill(1) ends: 1 when one of several is gone.
 */
function signals(sh: string, processes: Readonly<Record<number, string | undefined>>, status = 0): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvsctl-processes-'));
  folders.push(folder);
  writeFileSync(join(folder, 'uptime'), '100.00 50.00\n');
  for (const [pid, name] of Object.entries(processes)) {
    mkdirSync(join(folder, pid));
    if (name === undefined) continue;
    writeFileSync(join(folder, pid, 'comm'), `${name}\n`);
    writeFileSync(join(folder, pid, 'stat'), `${pid} (${name}) S${' 0'.repeat(18)} 77${pid} 0\n`);
  }
  const script = [
    'set -e',
    `work=${folder} step=0`,
    'say() { :; }',
    'alive() { [ "77$1" = "$2" ]; }',
    `kill() { echo "$@" >>${folder}/signals; return ${status}; }`,
    sh.replaceAll('/proc/', `${folder}/`),
  ].join('\n');
  execFileSync('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  return readFileSync(join(folder, 'signals'), 'utf8');
}

const host = {
  1: 'systemd',
  20: undefined,
  31: 'keepalived',
  32: 'keepalived',
  40: undefined,
  50: 'sh',
  60: undefined,
};

test('every process of keepalived is frozen, whatever ends while they are looked for', () => {
  expect(signals(freezeKeepalived().sh, host)).toBe('-STOP 31\n-STOP 32\n');
});

test('they are killed all at once', () => {
  expect(signals(killKeepalived(makeShop(), 'lb1').sh, host)).toBe('-KILL 31 32\n');
});

// A check's script is a process of keepalived until it is executed, and may have ended by then.
test('one that has ended when the signal comes makes no failure of it', () => {
  expect(signals(killKeepalived(makeShop(), 'lb1').sh, host, 1)).toBe('-KILL 31 32\n');
  expect(signals(freezeKeepalived().sh, host, 1)).toBe('-STOP 31\n-STOP 32\n');
});

test('where keepalived does not run, nothing is broken', () => {
  expect(() => signals(freezeKeepalived().sh, { 1: 'systemd' })).toThrow();
});
