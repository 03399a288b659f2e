import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sysctl, sysctlFile, type SysctlResource } from '../../src/resources/sysctl.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { changing, unchanging } from '../support/context.ts';
import { failing } from '../support/steps.ts';

const wish = (key: string, value: string): SysctlResource => ({ kind: 'sysctl', key, value });

test.each([
  ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
  ['net.ipv4.conf.eth0/100.arp_ignore', 'net/ipv4/conf/eth0.100/arp_ignore'],
])('%s is in %s', (key, path) => {
  expect(sysctlFile(key)).toBe(path);
});

describe('the kernel takes the greater of all and the interface', () => {
  const read = (parameter: string, all: string, own: string, value: string) => {
    const one = wish(`net.ipv4.conf.eth0.${parameter}`, value);
    const output = `/proc/sys/net/ipv4/conf/eth0/${parameter}:${own}\n/proc/sys/net/ipv4/conf/all/${parameter}:${all}\n`;
    return { one, state: sysctl.read(output, [one]).get(one.key) };
  };
  test.each([
    ['arp_ignore', '0', '1', '1', undefined],
    ['arp_ignore', '1', '0', '1', undefined],
    ['arp_ignore', '0', '0', '1', '0 → 1'],
    ['arp_ignore', '2', '1', '1', '1 (effective 2) → 1'],
    ['rp_filter', '1', '0', '0', '0 (effective 1) → 0'],
    ['arp_announce', '0', '1', '2', '1 → 2'],
    // Others are the interface's own.
    ['forwarding', '1', '0', '0', undefined],
    ['forwarding', '1', '0', '1', '0 → 1'],
  ])('%s: all %s, own %s, wished %s', (parameter, all, own, value, summary) => {
    const { one, state } = read(parameter, all, own, value);
    expect(sysctl.change(one, state, unchanging).map((step) => step.summary)).toEqual(
      summary === undefined ? [] : [summary],
    );
  });

  test('what `all` was counts no more when it is changed before', () => {
    const all = changing('sysctl net.ipv4.conf.all.arp_ignore');
    const strict = read('arp_ignore', '2', '1', '1');
    expect(sysctl.change(strict.one, strict.state, all)).toEqual([]);
    const covered = read('arp_ignore', '1', '0', '1');
    expect(sysctl.change(covered.one, covered.state, all)).toMatchObject([
      { sh: expect.stringContaining("echo '1' >") as string },
    ]);
  });
});

describe.each(shells)('in %s, a kernel parameter', (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
  });
  beforeEach(() => {
    box.must(
      `cd /proc/sys; mkdir -p net/ipv4/conf/eth0.100 kernel; echo 0 >net/ipv4/conf/eth0.100/arp_ignore
      echo 0 >net/ipv4/conf/all/arp_ignore; printf '4096\\t131072\\t6291456\\n' >net/ipv4/tcp_rmem; : >kernel/empty
      echo '|/usr/bin/x -p%p :y' >kernel/core_pattern; echo 0 >net/ipv4/ip_forward`,
    );
  });
  afterAll(() => box.close());

  const cases: readonly [what: string, wish: SysctlResource, summaries: readonly string[]][] = [
    ['with another value', wish('net.ipv4.ip_forward', '1'), ['0 → 1']],
    ['as wished', wish('net.ipv4.ip_forward', '0'), []],
    ['of a VLAN', wish('net.ipv4.conf.eth0/100.arp_ignore', '1'), ['0 → 1']],
    ['of several words, written with blanks', wish('net.ipv4.tcp_rmem', '4096 131072  6291456'), []],
    ['of several words', wish('net.ipv4.tcp_rmem', '4096 131072 9'), ['4096 131072 6291456 → 4096 131072 9']],
    ['with colons and percent signs', wish('kernel.core_pattern', '|/usr/bin/x -p%p :y'), []],
    ['that is empty', wish('kernel.empty', 'x'), ['not there yet → x']],
  ];
  test.each(cases)('%s', async (_what, one, summaries) => {
    const steps = await box.steps([one], shell);
    expect(steps.map(({ summary }) => summary)).toEqual(summaries);
    const values = 'cd /proc/sys; grep -r "" net/ipv4/ip_forward net/ipv4/conf/eth0.100 | sort';
    const before = box.must(values);
    expect(box.do([...steps, failing], shell)).toMatchObject({ code: 1, output: '' });
    expect(box.must(values)).toBe(before);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps([one], shell)).toEqual([]);
  });

  test('whose module is to come is planned', async () => {
    expect(await box.steps([wish('net.ipv4.vs.expire_nodest_conn', '1')], shell)).toMatchObject([
      { action: 'create', summary: 'not there yet → 1' },
    ]);
  });

  test('that does not exist is a failure with its name', async () => {
    const done = box.do(await box.steps([wish('net.ipv4.no.such', '1')], shell), shell);
    expect(done.code).not.toBe(0);
    expect(done.output).toContain('/proc/sys/net/ipv4/no/such');
  });

  test('is read from the real /proc/sys', () => {
    const keys = ['net.ipv4.conf.lo.rp_filter', 'net.ipv4.conf.all.rp_filter', 'kernel.ostype'].map((key) =>
      wish(key, '1'),
    );
    box.must(
      'mkdir -p /run/real; mountpoint -q /run/real/sys || { mkdir -p /run/real; mount -t proc proc /run/real; }',
    );
    const probe = sysctl.probe(keys, unchanging.platform).replaceAll('/proc/sys/', '/run/real/sys/');
    const seen = sysctl.read(box.run(probe, shell).stdout.replaceAll('/run/real/sys/', '/proc/sys/'), keys);
    expect(seen.get('kernel.ostype')).toEqual({ own: 'Linux', effective: 'Linux' });
    expect(seen.get('net.ipv4.conf.lo.rp_filter')?.own).toMatch(/^[012]$/);
  });
});
