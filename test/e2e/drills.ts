import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalKeepalived } from '../../bench/drills/hang.ts';
import type { DrillReport, DrillResult } from '../../src/drill/result.ts';
import { environment } from '../../src/lab/index.ts';
import { talk } from './dialogue.ts';
import type { World } from './support.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** The tests of drills, on a cluster that is whole: what they measure, when they fail, and when they refuse. */
export function testDrills(its: () => { readonly world: World; readonly inventory: string }): void {
  /** Runs drills; gives the exit code and the report. */
  async function drilled(
    ...names: readonly string[]
  ): Promise<{ readonly code: number; readonly report: DrillReport }> {
    const { world, inventory } = its();
    const { code, stdout } = await world.lvsctl(['drill', ...names, '--json', '-i', inventory]);
    return { code, report: JSON.parse(stdout) as DrillReport };
  }

  /** What was seen to happen, whatever time it took: that is the machine's affair. */
  const happened = ({ measures }: DrillResult): string[] =>
    measures.filter(({ measured }) => measured !== undefined).map(({ kind }) => kind);

  test('users lose nothing by a drain; the sorry server stands in, a master is replaced and returns; all is as it was', async () => {
    const { report } = await drilled('drain', 'all-real-servers', 'master-returns');
    expect(report.drills.map(({ restored, reasons }) => [restored, reasons])).toEqual(
      Array.from({ length: 3 }, () => [true, []]),
    );
    const [drain, all, returns] = report.drills;
    if (!drain || !all || !returns) throw new Error('there are three drills');
    expect(happened(all)).toEqual(['takeover', 'failures', 'return', 'return']);
    expect(happened(returns)).toEqual(['return', 'gap']);
    expect(returns.streams.every(({ failed, sent }) => sent > 0 && failed < sent)).toBe(true);
    expect(await its().world.on('lb1', 'ip -br address show eth0')).toContain('10.77.0.100');
    // A host that waits for a processor for 0.9 seconds loses a request now and then; a drain that loses some does so every time.
    const lost: unknown[] = [];
    for (let one: DrillResult | undefined = drain; ; [one] = (await drilled('drain')).report.drills) {
      lost.push(one?.measures.find(({ kind }) => kind === 'failures')?.measured);
      if (lost.length === 3 || lost.includes(0)) break;
    }
    expect(lost).toContain(0);
  });

  // The backup's keepalived hangs: nobody takes over. verify sees nothing of it, so that it is for the drill to find; every other one fails as well then.
  test('a backup that would not take over fails the drill, and all is as it was', async () => {
    const { world } = its();
    await world.on('lb2', signalKeepalived('STOP'));
    const { code, report } = await drilled('stop-keepalived');
    await world.on('lb2', signalKeepalived('CONT'));
    expect(code).toBe(1);
    expect(report.drills.map(({ status, restored, reasons }) => [status, restored, reasons])).toEqual([
      ['failed', true, []],
    ]);
    const missed = report.drills.flatMap(({ measures }) => measures.filter(({ ok }) => !ok).map(({ kind }) => kind));
    expect(missed.slice(0, 2)).toEqual(['takeover', 'gap']);
  });

  test('interrupted in the middle, it takes back what it has broken before it ends', async () => {
    const { world, inventory } = its();
    const argv = ['netns', 'exec', world.lab.namespace, process.execPath, main, 'drill', 'freeze-keepalived'];
    const child = spawn('ip', [...argv, '-i', inventory], {
      env: { ...process.env, ...environment(world.lab) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (data: string) => (output += data));
    const frozen = 'grep -qs "^State:.T" $(grep -lsx keepalived /proc/[0-9]*/comm | sed s/comm/status/)';
    await world.eventually('lb1', frozen, 60);
    child.kill('SIGINT');
    await once(child, 'close');
    expect(`${child.exitCode} ${output}`).toMatch(/^130 [^]*all is as it was[^]*Interrupted: shop: 1 interrupted\./);
    expect(await world.on('lb1', `! ${frozen}; ls -d /run/lvsctl/lock* /var/lib/lvsctl/run-* 2>/dev/null || :`)).toBe(
      '',
    );
  });

  test('what is not a lab is broken only by somebody who says so', async () => {
    const { world, inventory } = its();
    const args = ['drill', 'stop-keepalived', '-i', inventory];
    const alone = await world.lvsctl(args, { LVSCTL_LAB: '' });
    expect([alone.code, alone.stdout]).toEqual([1, '']);
    expect(alone.stderr).toContain('without a terminal to ask at, this needs --yes');
    const argv = ['ip', 'netns', 'exec', world.lab.namespace, process.execPath, main, ...args];
    const refused = await talk(argv, { ...process.env, ...environment(world.lab), LVSCTL_LAB: '' }, [
      [/Break shop on purpose \(stop-keepalived\)\? Users may notice\./, 'n'],
    ]);
    expect(refused.code).toBe(1);
    expect(refused.screen).toContain('Nothing was changed.');
    expect(await world.on('lb1', 'tail -1 /var/log/lvsctl.log')).not.toContain('stop-keepalived');
  });

  test('nothing is broken where the redundancy is not whole', async () => {
    const { world } = its();
    await world.on('lb2', 'systemctl stop keepalived');
    const { code, report } = await drilled('stop-keepalived');
    expect(code).toBe(1);
    expect(report.drills.map(({ status, marks }) => [status, marks])).toEqual([['refused', []]]);
    expect(await world.on('lb1', 'systemctl is-active keepalived')).toBe('active\n');
    await world.on('lb2', 'systemctl start keepalived');
    await world.eventually('lb2', `ipvsadm -Ln | grep -q '10.77.0.14:80'`);
  });
}
