import { expect, test } from 'vitest';
import type { DrillReport } from '../../src/drill/result.ts';
import type { World } from './support.ts';

/** The tests of drills, on a cluster that is whole: what they measure, and when they refuse. */
export function testDrills(its: () => { readonly world: World; readonly inventory: string }): void {
  /** Runs drills; gives the exit code and the report. */
  async function drilled(
    ...names: readonly string[]
  ): Promise<{ readonly code: number; readonly report: DrillReport }> {
    const { world, inventory } = its();
    const { code, stdout } = await world.lvsctl(['drill', ...names, '--json', '-i', inventory]);
    return { code, report: JSON.parse(stdout) as DrillReport };
  }

  test('users lose nothing by a drain, and a master that stops is replaced; all is as it was', async () => {
    // A host that waits for a processor for 0.9 seconds loses a request now and then; a drain that loses some does so every time.
    const lost: unknown[] = [];
    while (lost.length < 3 && !lost.includes(0)) {
      const [drain] = (await drilled('drain')).report.drills;
      expect(drain?.restored).toBe(true);
      lost.push(drain?.measures.find(({ kind }) => kind === 'failures')?.measured);
    }
    expect(lost).toContain(0);
    const [stop] = (await drilled('stop-keepalived')).report.drills;
    expect(stop?.restored).toBe(true);
    // How long it takes is the machine's affair; that it happens is not.
    const kinds = stop?.measures.filter(({ measured }) => measured !== undefined).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['takeover', 'return']));
    expect(stop?.streams.every(({ failed, sent }) => sent > 0 && failed < sent)).toBe(true);
    expect(await its().world.on('lb1', 'ip -br address show eth0')).toContain('10.77.0.100');
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
