import type { DrillReport, DrillResult, Sample, Stream } from '../../src/drill/result.ts';
import { reportDocument, type Occasion, type ReportDocument, type ReportInput } from '../../src/report/document.ts';
import type { Step } from '../../src/resources/resource.ts';
import type { Finding } from '../../src/verify/check.ts';
import { checks } from '../../src/verify/checks/index.ts';
import { sightOf } from '../../src/verify/sight.ts';
import type { VerifyReport } from '../../src/verify/verify.ts';
import { drCluster, table, World } from '../verify/world.ts';

/** Who ran the samples. */
export const occasion: Occasion = {
  command: 'verify',
  by: 'ops@laptop',
  since: '2026-11-21T13:24:05.000Z',
  seconds: 4.21,
  lvsctl: '0.1.0',
};

/** A verification of the cluster of inventories/dr.yaml as it should be, but for what `spoil` does to it. */
export function verificationOf(world: World): VerifyReport {
  for (const [name, one] of world.observations) {
    const installed = new Map([
      ['keepalived', '1:2.3.3-1'],
      ['ipvsadm', '1:1.31-3'],
    ]);
    world.observations.set(name, {
      ...one,
      states: new Map([...one.states, ['package all', { installed, candidates: new Map() }]]),
    });
  }
  const evidence = world.evidence();
  const findings = checks.flatMap((check) =>
    check.judge(evidence).map((one): Finding => ({ ...one, severity: one.severity ?? check.severity })),
  );
  return {
    cluster: world.cluster.name,
    ok: !findings.some(({ status, severity }) => status === 'failed' && severity === 'critical'),
    findings,
    hosts: [...world.observations.keys()],
    vantage: world.cluster.verify.from,
    seconds: 4.2,
    attempts: 1,
    interrupted: false,
    sight: sightOf(evidence),
  };
}

/** The cluster of the samples. */
export async function sampleWorld(): Promise<World> {
  return new World(await drCluster());
}

/** Breaks a real server: out of the table of the holder, and a file that somebody changed. */
export function spoil(world: World): World {
  world.answer('before', 'lb1', 'ipvs-table', table({ '10.77.0.14': undefined }));
  world.requests('probe1', { web1: 10, web3: 20 });
  world.steps.push({ host: 'web2', step });
  return world;
}

/** A step with a diff. */
export const step: Step = {
  resource: 'file /etc/nginx/sites-enabled/www.conf',
  action: 'update',
  summary: '1 line changes',
  diff: '--- /etc/nginx/sites-enabled/www.conf\n+++ /etc/nginx/sites-enabled/www.conf\n@@ -1,3 +1,3 @@\n server {\n-  listen 81;\n+  listen 80;\n }\n',
  impact: 'reload',
  sh: 'true',
  undo: undefined,
};

/** A report of what `spoil` does, or of a sound cluster. */
export async function sample(
  more: Partial<ReportInput> = {},
  change: (world: World) => World = (world) => world,
): Promise<ReportDocument> {
  const world = change(await sampleWorld());
  return reportDocument({ cluster: world.cluster, occasion, verification: verificationOf(world), ...more });
}

/** Requests every 40 ms for `seconds`, of which those that begin within the gap fail. */
function stream(from: string, seconds: number, gap?: { readonly from: number; readonly to: number }): Stream {
  const samples = Array.from({ length: seconds * 25 }, (_, index): Sample => {
    const at = index * 40 + ((index * 7) % 5);
    const lost = gap !== undefined && at > gap.from && at < gap.to;
    return [at, lost ? 200 : 3 + ((index * 13) % 11) + (index % 37 === 0 ? 24 : 0), lost ? 0 : 1];
  });
  const failed = samples.filter(([, , ok]) => ok === 0).length;
  return {
    from,
    service: 'www',
    destination: '10.77.0.100:80',
    interval: { wished: 40, median: 40 },
    resolution: 45,
    limit: 200,
    sent: samples.length,
    failed,
    longestGap: gap ? gap.to - gap.from : 0,
    gaps: gap ? [{ ...gap, failed }] : [],
    samples,
  };
}

const stopped: DrillResult = {
  name: 'stop-keepalived',
  title: 'keepalived stops on the master',
  hosts: ['lb1'],
  status: 'passed',
  reasons: [],
  started: '2026-11-21T13:30:00.000Z',
  duration: 12_000,
  marks: [
    { at: 0, type: 'begin', host: undefined, text: 'requests begin' },
    { at: 3000, type: 'fault', host: 'lb1', text: 'keepalived is stopped' },
    { at: 3740, type: 'state', host: 'lb2', text: 'holds 10.77.0.100' },
    { at: 8000, type: 'heal', host: 'lb1', text: 'keepalived is started' },
    { at: 11_100, type: 'state', host: 'lb1', text: 'holds 10.77.0.100 again' },
    { at: 12_000, type: 'end', host: undefined, text: 'the end' },
  ],
  measures: [
    {
      ...{
        kind: 'gap',
        text: 'longest gap of www from probe1 after the fault',
        from: 'probe1',
        service: 'www',
        unit: 'ms',
      },
      ...{
        measured: 712,
        bound: 1500,
        allowance: 880,
        because: 'skew (256-100)/256 s',
        window: { from: 3000, to: 8000 },
        ok: true,
      },
    },
    {
      ...{ kind: 'takeover', text: 'lb2 holds the VIP', from: undefined, service: undefined, unit: 'ms' },
      ...{
        measured: 740,
        bound: 1500,
        allowance: 880,
        because: 'skew (256-100)/256 s',
        window: { from: 3000, to: 4500 },
        ok: true,
      },
    },
    {
      ...{
        kind: 'failures',
        text: 'failures when the master returns',
        from: 'probe1',
        service: 'www',
        unit: 'requests',
      },
      ...{
        measured: 0,
        bound: 0,
        allowance: 0,
        because: 'it takes over while the other still serves',
        window: { from: 8000, to: 12_000 },
        ok: true,
      },
    },
  ],
  streams: [stream('probe1', 12, { from: 3020, to: 3732 }), stream('operator', 12, { from: 3010, to: 3716 })],
  restored: true,
};

const frozen: DrillResult = {
  ...stopped,
  name: 'freeze-keepalived',
  title: 'keepalived freezes on the master',
  status: 'failed',
  reasons: ['the gap was longer than the timers allow'],
  measures: [
    {
      ...{
        kind: 'gap',
        text: 'longest gap of www from probe1 after the fault',
        from: 'probe1',
        service: 'www',
        unit: 'ms',
      },
      ...{
        measured: 5100,
        bound: 4490,
        allowance: 880,
        because: '3 adverts of 1 s + skew (256-100)/256 s',
        window: { from: 3000, to: 9000 },
        ok: false,
      },
    },
    {
      ...{ kind: 'return', text: 'lb1 holds the VIP again', from: undefined, service: undefined, unit: 'ms' },
      ...{
        measured: undefined,
        bound: 4000,
        allowance: 1000,
        because: '3 adverts of 1 s',
        window: { from: 8000, to: 12_000 },
        ok: false,
      },
    },
  ],
  streams: [stream('probe1', 12, { from: 3020, to: 8120 })],
  restored: false,
};

const refused: DrillResult = {
  ...stopped,
  name: 'reboot',
  title: 'the master reboots',
  status: 'refused',
  reasons: ['redundancy is not whole: ipvs-table fails on lb2'],
  marks: [],
  measures: [],
  streams: [],
  restored: undefined,
};

/** A run of three drills: one within its bounds, one not, one refused. */
export const drills: DrillReport = {
  version: 1,
  cluster: 'shop',
  inventory: 'a'.repeat(64),
  started: '2026-11-21T13:30:00.000Z',
  by: 'ops@laptop',
  ok: false,
  interrupted: false,
  drills: [stopped, frozen, refused],
};

/** The same, without those that went wrong. */
export const soundDrills: DrillReport = { ...drills, ok: true, drills: [stopped] };
