import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import type { Resource } from '../../src/resources/index.ts';
import { wishesOf } from '../support/cluster.ts';

async function example(name: string): Promise<Cluster> {
  const loaded = await loadCluster(join(import.meta.dirname, '..', '..', 'inventories', name), {});
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  return loaded.value;
}

/** The resources of a host, in order: `kind name`, and the text of its files. */
function wished(cluster: Cluster, name: string) {
  const found = wishesOf(cluster).find(({ host }) => host.name === name)?.resources ?? [];
  const files = new Map(
    found.flatMap(({ resource }) => (resource.kind === 'file' ? [[resource.path, resource.content ?? '']] : [])),
  );
  const own = (resource: Resource): boolean => resource.kind !== 'file' && resource.kind !== 'package';
  return {
    refs: found.filter(({ resource }) => own(resource)).map(({ ref }) => ref),
    file: (path: string): string[] => (files.get(path) ?? '').split('\n').filter((line) => line !== ''),
  };
}

const nat = await example('nat.yaml');
const tun = await example('tun.yaml');
const modes = await example('modes.yaml');

describe('a real server', () => {
  test('of NAT has the inner VIP as its default gateway, now and at boot, and nothing of the other modes', () => {
    const { refs, file } = wished(nat, 'web1');
    expect(refs).toEqual([
      'route default via 10.78.0.100',
      'service lvsctl-gateway.service',
      expect.stringContaining('service nginx') as unknown,
    ]);
    expect(file('/etc/systemd/system/lvsctl-gateway.service')).toContain(
      'ExecStart=/sbin/ip -4 route replace default via 10.78.0.100 dev eth1',
    );
  });

  test('of a tunnel has its module, its device, then its settings, then the VIP', () => {
    const { refs, file } = wished(tun, 'web1');
    const at = (ref: string): number => {
      expect(refs).toContain(ref);
      return refs.indexOf(ref);
    };
    const order = [
      at('kernel-module ipip'),
      at('link tunl0'),
      at('sysctl net.ipv4.conf.all.arp_ignore'),
      at('sysctl net.ipv4.conf.tunl0.rp_filter'),
      at('address 10.77.0.102/32 on tunl0'),
      at('service lvsctl-vip.service'),
      at('segment-size 1440 over IPv4'),
      at('service lvsctl-segments.service'),
    ];
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(file('/etc/modules-load.d/lvsctl-real-server.conf').slice(1)).toEqual(['ipip', 'sit']);
    expect(file('/usr/local/lib/lvsctl/segments').slice(-2)).toEqual(['ask_segments 4 1440', 'ask_segments 6 1420']);
    expect(file('/etc/systemd/system/lvsctl-vip.service').filter((line) => line.startsWith('ExecStart'))).toEqual([
      'ExecStart=/sbin/ip link set dev tunl0 up',
      'ExecStart=/sbin/ip link set dev sit0 up',
      'ExecStart=/sbin/ip address replace 10.77.0.102/32 dev tunl0',
      'ExecStart=/sbin/ip address replace fd77::102/128 dev sit0',
    ]);
  });

  test('that IPv6 requests reach through an IPv4 tunnel listens for them, without an IPv6 address of its own', () => {
    const { refs, file } = wished(tun, 'web1');
    expect(refs).toContain('address fd77::102/128 on sit0');
    expect(file('/etc/nginx/conf.d/www.conf')).toContain('    listen [::]:80;');
  });

  test('of several modes has each VIP on its device, each receive port once, and keeps its default gateway', () => {
    const { refs, file } = wished(modes, 'web2');
    expect(refs.filter((ref) => /^(address|link|receive-port|route|routing-rule|segment-size) /.test(ref))).toEqual([
      'link dummy0',
      'link gre0',
      'link tunl0',
      'link ip6tnl0',
      'receive-port 6080/udp over IPv4',
      'receive-port 6080/udp over IPv6',
      'address 10.77.0.103/32 on dummy0',
      'address 10.77.0.104/32 on gre0',
      'address 10.77.0.105/32 on tunl0',
      'address fd77::105/128 on ip6tnl0',
      'route 10.78.0.0/24 in table 5202',
      'route default via 10.78.0.106 in table 5202',
      'route fd78::/64 in table 5203',
      'route default via fd78::106 in table 5203',
      'routing-rule from 10.78.0.14 lookup 5202',
      'routing-rule from fd78::14 lookup 5203',
      'segment-size 1428 over IPv4',
      'segment-size 1388 over IPv6',
    ]);
    const unit = file('/etc/systemd/system/lvsctl-vip.service');
    expect(unit).toContain('ExecStart=-/sbin/ip link add dev dummy0 type dummy');
    expect(unit).toContain('ExecStart=-/sbin/ip -6 fou add port 6080 gue');
    expect(file('/etc/systemd/system/lvsctl-gateway.service')).toContain(
      'ExecStart=-/sbin/ip -6 rule add priority 5203 from fd78::14 lookup 5203',
    );
  });
});

describe('a director', () => {
  test('of NAT forwards, and tells nobody of a shorter way', () => {
    const { refs } = wished(modes, 'lb1');
    const at = (key: string): number => refs.indexOf(`sysctl ${key}`);
    expect(at('net.ipv4.ip_forward')).toBeGreaterThan(0);
    expect(at('net.ipv4.conf.all.send_redirects')).toBeGreaterThan(at('net.ipv4.ip_forward'));
    expect(refs).toContain('sysctl net.ipv4.conf.eth1.send_redirects');
    expect(refs).toContain('sysctl net.ipv6.conf.all.forwarding');
    expect(refs).not.toContain('sysctl net.ipv4.vs.conntrack');
  });

  test('tells connection tracking of its flows where that is wished', () => {
    const services = nat.services.map((service) =>
      service.forwarding.mode === 'NAT'
        ? { ...service, forwarding: { ...service.forwarding, conntrack: true } }
        : service,
    );
    expect(wished({ ...nat, services }, 'lb1').refs).toContain('sysctl net.ipv4.vs.conntrack');
  });

  test('of tunnels forwards nothing by itself', () => {
    expect(wished(tun, 'lb1').refs.filter((ref) => /forward|redirects/.test(ref))).toEqual([]);
  });

  test('names the mode of each service as keepalived has it', () => {
    const kinds = wished(modes, 'lb1').file('/etc/keepalived/keepalived.conf');
    expect(kinds.filter((line) => line.includes('lb_kind')).map((line) => line.trim())).toEqual([
      'lb_kind DR',
      'lb_kind TUN type gre',
      'lb_kind TUN type gue port 6080',
      'lb_kind TUN type gue port 6080',
      'lb_kind NAT',
      'lb_kind NAT',
    ]);
    expect(
      wished(tun, 'lb1')
        .file('/etc/keepalived/keepalived.conf')
        .map((line) => line.trim()),
    ).toContain('lb_kind TUN');
  });
});
