import { describe, expect, test } from 'vitest';
import { rhel } from '../../src/platform/rhel.ts';
import { firewallOpening, type FirewallOpeningResource } from '../../src/resources/firewall-opening.ts';
import { selinuxBoolean } from '../../src/resources/selinux-boolean.ts';
import { desiredHost } from '../../src/roles/index.ts';
import { createRender } from '../../src/templates/render.ts';
import { unchanging } from '../support/context.ts';
import { loadDr } from '../support/dr.ts';

const cluster = await loadDr();

/** What is opened on a host of platform rhel. */
function opened(name: string): string[] {
  const host = cluster.hosts.find((one) => one.name === name);
  if (!host) throw new Error(`there is no ${name}`);
  const { resources } = desiredHost(cluster, { ...host, platform: 'rhel' }, rhel, createRender(undefined));
  return resources.flatMap(({ ref }) => (/^(selinux|firewall)/.test(ref) ? [ref] : []));
}

test.each([
  ['lb1', ['selinux-boolean keepalived_connect_any', 'firewall-opening protocol vrrp', 'firewall-opening port 80/tcp']],
  ['web1', ['selinux-boolean httpd_use_nfs', 'firewall-opening port 80/tcp']],
  ['nas1', ['firewall-opening service nfs']],
  ['probe1', []],
])('%s lets in what it serves, and nothing else', (name, expected) => {
  expect(opened(name)).toEqual(expected);
});

/** As `firewall-cmd --list-all` prints a zone, firewalld 1.3. */
const zone = (when: string): string =>
  [
    'public (active)',
    '  target: default',
    '  interfaces: eth0',
    '  services: dhcpv6-client nfs ssh',
    '  ports: 80/tcp 8848/udp',
    '  protocols: ',
    '  rich rules: ',
    '\trule protocol value="vrrp" accept',
  ]
    .map((line) => `${when} ${line}\n`)
    .join('');

describe('firewalld', () => {
  const vrrp: FirewallOpeningResource = { kind: 'firewall-opening', type: 'protocol', value: 'vrrp' };
  const web: FirewallOpeningResource = { kind: 'firewall-opening', type: 'port', value: '80/tcp' };
  const nfs: FirewallOpeningResource = { kind: 'firewall-opening', type: 'service', value: 'nfs' };
  const other: FirewallOpeningResource = { kind: 'firewall-opening', type: 'port', value: '8/tcp' };

  test('what is let in now and after a boot is read from the zone', () => {
    const seen = firewallOpening.read(`running\n${zone('now')}boot public\n`, [vrrp, web, nfs, other]);
    expect([...seen.values()]).toEqual([
      ...Array<unknown>(3).fill({ now: true, atBoot: false }),
      { now: false, atBoot: false },
    ]);
    expect([...firewallOpening.read('', [vrrp, web]).values()]).toEqual(['off', 'off']);
  });

  test('nothing is done where it does not run, and what is missing is added to both', () => {
    expect(firewallOpening.change(vrrp, 'off', unchanging)).toEqual([]);
    expect(firewallOpening.change(vrrp, { now: false, atBoot: true }, unchanging)).toMatchObject([
      {
        sh: `firewall-cmd -q --add-rich-rule='rule protocol value="vrrp" accept'\nfirewall-cmd -q --permanent --add-rich-rule='rule protocol value="vrrp" accept'`,
        undo: `firewall-cmd -q --remove-rich-rule='rule protocol value="vrrp" accept'`,
      },
    ]);
  });

  test('what somebody else opened stays open', () => {
    const context = { ...unchanging, removePackages: false };
    const open = { now: true, atBoot: true };
    expect(firewallOpening.remove?.(web, open, open, context)).toEqual([]);
    expect(firewallOpening.remove?.(web, open, { now: false, atBoot: false }, context)).toHaveLength(1);
  });
});

test('SELinux is left alone where it is off or does not know the boolean', () => {
  const boolean = { kind: 'selinux-boolean', boolean: 'keepalived_connect_any' } as const;
  const state = (output: string) => selinuxBoolean.read(output, [boolean]).get('keepalived_connect_any');
  expect(state('keepalived_connect_any --> off\n')).toBe('off');
  expect(state('')).toBe('unknown');
  expect(selinuxBoolean.change(boolean, 'unknown', unchanging)).toEqual([]);
  expect(selinuxBoolean.change(boolean, 'off', unchanging)).toMatchObject([
    { sh: "setsebool -P 'keepalived_connect_any' on", undo: "setsebool -P 'keepalived_connect_any' off" },
  ]);
});
