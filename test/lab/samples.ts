import type { Cluster } from '../../src/inventory/cluster.ts';
import type { LabSpec } from '../../src/lab/index.ts';

/** Hosts with one NIC each in 10.77.0.0/24, from .11 on. */
export function flat(names: readonly string[], reserved: readonly string[] = ['10.77.0.100']): LabSpec {
  const hosts = names.map((name, index) => ({
    name,
    system: 'trixie' as const,
    nics: [{ name: 'eth0', addresses: [{ address: `10.77.0.${11 + index}`, prefix: 24 }] }],
  }));
  return { hosts, reserved };
}

/** A host as far as the lab reads it. */
export function host(
  name: string,
  addresses: readonly [nic: string, address: string, prefix: number][],
  main = 'eth0',
) {
  return {
    ...{ name, interface: main, groups: [], platform: 'debian', become: 'none', packages: [], sysctl: {}, vars: {} },
    ssh: {
      host: undefined,
      user: undefined,
      port: undefined,
      identityFile: undefined,
      proxyJump: undefined,
      connectTimeout: 5,
    },
    addresses: addresses.map(([nic, address, prefix]) => ({
      ...{ interface: nic, address, prefix, family: address.includes(':') ? 6 : 4 },
    })),
  } as Cluster['hosts'][number];
}

/** A cluster as far as the lab reads it. */
export function cluster(hosts: Cluster['hosts'], vips: readonly string[]): Cluster {
  return {
    hosts,
    vrrp: [{ vips: vips.map((address) => ({ address })) }],
    services: vips.map((vip) => ({ vip })),
  } as unknown as Cluster;
}
