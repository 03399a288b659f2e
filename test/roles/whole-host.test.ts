import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allSteps, makePlan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/resources/resource.ts';
import type { DesiredHost } from '../../src/roles/index.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { loadDr } from '../support/dr.ts';
import { makeCluster, makeObservation, makeShop, wishesOf } from '../support/cluster.ts';

const cluster = await loadDr();
const wishes = new Map(wishesOf(cluster).map((one) => [one.host.name, one]));

function wish(host: string): DesiredHost {
  const found = wishes.get(host);
  if (!found) throw new Error(`there is no ${host}`);
  return found;
}

const brief = ({ resource, action }: Step): string => `${action} ${resource}`;

describe('a host of which nothing could be read', () => {
  test.each([...wishes.keys()])('%s is planned completely', (host) => {
    const plan = makePlan(makeCluster(), [wish(host)], new Map([[host, makeObservation(host)]]));
    const steps = [...allSteps(plan)];
    for (const { ref, resource } of wish(host).resources) {
      // What is wished away, and no package brings, is not known to be there.
      if (resource.kind === 'file' && resource.content === undefined && resource.broughtBy === undefined) continue;
      const packages = resource.kind === 'package' ? `package ${resource.present.join(' ')}` : ref;
      expect(steps.map(({ step }) => step.resource)).toContain(packages);
    }
  });
});

describe.each(shells)('in %s, a blank host', (shell) => {
  describe.each(['lb1', 'web1', 'nas1'])('%s', (host) => {
    let box: Box;
    beforeAll(async () => {
      box = await Box.open();
    });
    afterAll(() => box.close());

    test('is brought to what the inventory wants, and then needs nothing more', async () => {
      const steps = await box.steps(wish(host), shell);
      const done = box.do(steps, shell);
      expect(done.output).not.toMatch(/not found|syntax|No such/);
      expect(done).toMatchObject({ code: 0 });
      expect((await box.steps(wish(host), shell)).map(brief)).toEqual([]);
    });
  });
});

/** Things that happen to a host, and the steps that mend them. */
const drifts: readonly [host: string, what: string, sh: string, steps: readonly string[]][] = [
  [
    'lb1',
    'keepalived.conf is edited',
    'echo "# x" >>/etc/keepalived/keepalived.conf',
    ['update file /etc/keepalived/keepalived.conf', 'run service keepalived.service'],
  ],
  [
    'lb1',
    'keepalived.conf is readable by all',
    'chmod 0644 /etc/keepalived/keepalived.conf',
    ['update file /etc/keepalived/keepalived.conf', 'run service keepalived.service'],
  ],
  [
    'lb1',
    'keepalived.conf was touched after it was loaded',
    'touch -d -1hour /run/lvsctl/loaded/keepalived.service; echo 1 >/run/box/units/keepalived.service/since',
    ['run service keepalived.service'],
  ],
  [
    'lb1',
    'keepalived.conf has a time in the future',
    'touch -d +1hour /etc/keepalived/keepalived.conf',
    ['run service keepalived.service'],
  ],
  ['lb1', 'keepalived is stopped', 'systemctl stop -- keepalived.service', ['update service keepalived.service']],
  ['lb1', 'keepalived is disabled', 'systemctl disable -- keepalived.service', ['update service keepalived.service']],
  [
    'lb1',
    'keepalived failed',
    'echo failed >/run/box/units/keepalived.service/active',
    ['update service keepalived.service'],
  ],
  ['lb1', 'a scheduler is not loaded', 'rmdir /sys/module/ip_vs_wrr', ['create kernel-module ip_vs_wrr']],
  [
    'lb1',
    'a sysctl is set back',
    'echo 0 >/proc/sys/net/ipv4/vs/expire_nodest_conn',
    ['update sysctl net.ipv4.vs.expire_nodest_conn'],
  ],
  ['lb1', 'ipvsadm is removed', 'rm /run/box/packages/ipvsadm', ['run package lists', 'create package ipvsadm']],
  ['web1', 'the VIP is taken away', 'ip addr del 10.77.0.100/32 dev lo', ['create address 10.77.0.100/32 on lo']],
  [
    'web1',
    'the VIP has another prefix',
    'ip addr del 10.77.0.100/32 dev lo; ip addr add 10.77.0.100/24 dev lo',
    ['update address 10.77.0.100/32 on lo'],
  ],
  [
    'web1',
    'arp_ignore is off for all',
    'echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore',
    ['update sysctl net.ipv4.conf.all.arp_ignore'],
  ],
  [
    'web1',
    'arp_announce is too low for all',
    'echo 1 >/proc/sys/net/ipv4/conf/all/arp_announce',
    ['update sysctl net.ipv4.conf.all.arp_announce'],
  ],
  [
    'web1',
    'arp_ignore is too strict for all',
    'echo 2 >/proc/sys/net/ipv4/conf/all/arp_ignore',
    ['update sysctl net.ipv4.conf.all.arp_ignore'],
  ],
  ['web1', 'the share is not mounted', 'umount /var/www/shared', ['create mount /var/www/shared']],
  ['web1', 'the line in fstab is gone', ': >/etc/fstab', ['create mount /var/www/shared']],
  [
    'web1',
    'the default site is back',
    'ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default',
    ['delete file /etc/nginx/sites-enabled/default', 'run service nginx.service'],
  ],
  [
    'web1',
    'the site is a symbolic link',
    'mv /etc/nginx/conf.d/www.conf /etc/nginx/www; ln -s ../www /etc/nginx/conf.d/www.conf',
    ['create file /etc/nginx/conf.d/www.conf', 'run service nginx.service'],
  ],
  [
    'web1',
    'an empty folder stands where the site was',
    'rm /etc/nginx/conf.d/www.conf; mkdir /etc/nginx/conf.d/www.conf',
    ['create file /etc/nginx/conf.d/www.conf', 'run service nginx.service'],
  ],
  [
    'nas1',
    'an option of an export is not in force',
    'sed -i s/no_root_squash/root_squash/ /var/lib/nfs/etab',
    ['10.77.0.13', '10.77.0.14', '10.77.0.15'].map((one) => `update export /srv/www to ${one}`),
  ],
  [
    'nas1',
    'one client is not offered the export',
    'sed -i /10.77.0.14/d /var/lib/nfs/etab',
    ['create export /srv/www to 10.77.0.14'],
  ],
  ['nas1', 'the folder is gone', 'rmdir /srv/www', ['create directory /srv/www']],
];

describe.each(['lb1', 'web1', 'nas1'])('%s, as wished', (host) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
    const done = box.do(await box.steps(wish(host)));
    expect(done).toMatchObject({ code: 0 });
  });
  beforeEach(() => {
    box.did();
  });
  afterAll(() => box.close());

  test.each(drifts.filter(([name]) => name === host).map(([, ...rest]) => rest))('%s', async (_what, sh, expected) => {
    box.must(sh);
    const steps = await box.steps(wish(host));
    expect(steps.map(brief)).toEqual(expected);
    box.did();
    const done = box.do(steps);
    expect(done).toMatchObject({ code: 0 });
    expect(box.did().filter((line) => /^(stopped|restarted)/.test(line))).toEqual([]);
    expect((await box.steps(wish(host))).map(brief)).toEqual([]);
  });
});

describe('a package that starts its service at once', () => {
  test('has its configuration taken up: the service runs already when its turn comes', async () => {
    const box = await Box.open();
    try {
      // With an upgrade among them, packages start their services themselves.
      box.must('echo openssl >/run/box/upgrades');
      box.do(await box.steps(wish('web1')));
      const did = box.did();
      expect(did.indexOf('reloaded nginx.service')).toBeGreaterThan(did.indexOf('started nginx.service'));
    } finally {
      await box.close();
    }
  });
});

test('the ARP settings of a VLAN are those of its interface: the dot in its name is no separator', () => {
  const shop = makeShop();
  const hosts = shop.hosts.map((host) => ({ ...host, interface: 'bond0.20' }));
  const [, , web] = wishesOf({ ...shop, hosts });
  const resources = web?.resources.map(({ ref }) => ref);
  expect(resources).toContain('sysctl net.ipv4.conf.bond0/20.arp_ignore');
  expect(resources).toContain('sysctl net.ipv4.conf.bond0/20.arp_announce');
});
