import type { Cluster } from '../inventory/cluster.ts';
import type { Resource } from '../resources/index.ts';
import type { Role } from './role.ts';
import { sysctls, templateFile } from './settings.ts';

const unitFile = '/etc/systemd/system/lvsctl-vip.service';

/** A real server behind direct routing: it answers for the VIP, and never answers ARP for it. */
export const realServer: Role = {
  name: 'real-server',
  stage: 'real-servers',
  applies: (cluster, { name }) => vipsOf(cluster, name).length > 0,
  packages: () => [],

  resources(context) {
    const { cluster, host } = context;
    const addresses = vipsOf(cluster, host.name).map((address) => ({
      address,
      prefix: address.includes(':') ? 128 : 32,
      interface: 'lo',
    }));
    // In a key a dot separates, so the one in the name of a VLAN is written as a slash: sysctl(8).
    const nic = host.interface.replaceAll('.', '/');
    return [
      // The ARP settings come first: a VIP that is answered for by several machines is a broken network.
      ...sysctls(context, 'real-server', {
        'net.ipv4.conf.all.arp_ignore': '1',
        'net.ipv4.conf.all.arp_announce': '2',
        [`net.ipv4.conf.${nic}.arp_ignore`]: '1',
        [`net.ipv4.conf.${nic}.arp_announce`]: '2',
      }),
      templateFile(context, unitFile, 'lvsctl-vip.service', { addresses }, { then: 'systemctl daemon-reload' }),
      ...addresses.map((address): Resource => ({ kind: 'address', ...address })),
      {
        kind: 'service',
        unit: 'lvsctl-vip.service',
        reloadOn: [],
        restartOn: [],
        configuration: [],
      },
    ];
  },
};

/** The VIPs of the services that the host serves, each once. */
function vipsOf(cluster: Cluster, host: string): string[] {
  const served = cluster.services.filter((service) => service.realServers.some((server) => server.host === host));
  return [...new Set(served.map((service) => service.vip))];
}
