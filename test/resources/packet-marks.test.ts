import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packetMarks } from '../../src/resources/packet-marks.ts';
import { debian } from '../../src/platform/debian.ts';
import { makeIpvs, makeService, makeShop, wishesOf } from '../support/cluster.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';

const ports = [
  { first: 80, last: 80 },
  { first: 8000, last: 8010 },
];
const marked = { number: 7, ports };

/** The script of a shop with a marked service of each family. */
function scriptOf(marking: 'nftables' | 'tc'): string {
  const shop = makeShop({
    ipvs: makeIpvs({ marking }),
    services: [
      makeService(['web1'], { mark: marked }),
      makeService(['web1'], { name: 'six', vip: 'fd77::100', family: 6, mark: { ...marked, number: 8 } }),
    ],
  });
  const resources = wishesOf(shop)[0]?.resources.map(({ resource }) => resource) ?? [];
  const found = resources.find((one) => one.kind === 'file' && one.path.endsWith('/marks'));
  return (found?.kind === 'file' ? found.content : undefined) ?? '';
}

test('nftables gets a set of ports for each service, in one transaction', () => {
  const script = scriptOf('nftables');
  expect(script).toContain('table inet lvsctl_marks\ndelete table inet lvsctl_marks\n');
  expect(script).toContain('ip daddr 10.77.0.100 tcp dport { 80, 8000-8010 } meta mark set 7\n');
  expect(script).toContain('ip6 daddr fd77::100 tcp dport { 80, 8000-8010 } meta mark set 8\n');
});

describe.each(shells)('in %s, marks by tc', (shell) => {
  let box: Box;
  const script = '/srv/marks';
  const wished = { kind: 'packet-marks', script, unit: 'lvsctl-marks.service' } as const;
  const state = () =>
    packetMarks.read(box.run(packetMarks.probe([wished], debian), shell).stdout, [wished]).get(script);
  beforeAll(async () => {
    box = await Box.open();
    box.must(`cat >${script} <<'EOS'\n${scriptOf('tc')}EOS\nchmod 755 ${script}`);
  });
  afterAll(() => box.close());

  test('are set, found as they were set, missed when somebody takes them, and taken away', () => {
    expect(state()).toBe('changed');
    for (let n = 0; n < 2; n++) expect(box.run(`${script} start`, shell)).toMatchObject({ code: 0 });
    expect(box.must(`${script} list`).match(/skbedit +mark (7|8)/g)).toHaveLength(4);
    expect(state()).toBe('set');
    box.must('tc filter del dev eth0 ingress pref 30312');
    expect(state()).toBe('changed');
    expect(box.run(`${script} stop`, shell)).toMatchObject({ code: 0 });
    expect(box.must('tc qdisc show dev eth0')).not.toContain('clsact');
  });

  test('stand at any moment of a reload', () => {
    box.must(`${script} start`);
    // What is there whenever a filter is taken away or added.
    box.must('rm -f /run/box/tc-least; touch /run/box/tc-watch');
    for (let n = 0; n < 3; n++) box.must(`${script} start`);
    expect(Number(box.must('cat /run/box/tc-least'))).toBeGreaterThanOrEqual(4);
    expect(box.must(`${script} list`).match(/skbedit +mark (7|8)/g)).toHaveLength(4);
    expect(state()).toBe('set');
    box.must(`rm /run/box/tc-watch; ${script} stop`);
  });

  test('stay as they were when the new ones are refused half-way', () => {
    box.must(`${script} start`);
    const before = box.must(`${script} list`);
    box.must(`sed '/dst_port 8000/s/flower/nonsense/' ${script} >/srv/refused; chmod 755 /srv/refused`);
    expect(box.run('/srv/refused start', shell).code).not.toBe(0);
    expect(box.must(`${script} list`)).toBe(before);
    box.must(`${script} stop`);
  });

  test('leave the filters of others alone', () => {
    box.must(
      'tc qdisc add dev eth0 clsact; tc filter add dev eth0 ingress pref 9 protocol ip flower dst_ip 10.0.0.1 action pass',
    );
    box.must(`${script} start; ${script} stop`);
    expect(box.must('tc filter show dev eth0 ingress')).toContain('10.0.0.1');
  });
});
