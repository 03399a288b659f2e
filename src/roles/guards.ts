import { checksOf } from '../inventory/check-of.ts';
import type { Cluster, Family, Host, VirtualService } from '../inventory/cluster.ts';
import { bfdPort, sessionsOf } from '../keepalived/bfd.ts';
import type { Resource } from '../resources/index.ts';
import type { RoleContext } from './role.ts';

/** What is in the way of a host's services on its platform, and is opened where it is in force: SELinux, firewalld. */
export function guards({ cluster, host, platform }: RoleContext): Resource[] {
  const booleans = platform.guards.includes('selinux') ? selinuxBooleans(cluster, host) : [];
  const openings = platform.guards.includes('firewalld') ? firewallOpenings(cluster, host) : [];
  return [
    ...booleans.map((boolean): Resource => ({ kind: 'selinux-boolean', boolean })),
    ...[...new Map(openings.map((opening) => [`${opening.type} ${opening.value}`, opening])).values()].map(
      (opening): Resource => ({ kind: 'firewall-opening', ...opening }),
    ),
  ];
}

/** keepalived_selinux(8), httpd_selinux(8), haproxy_selinux(8): what a service of the policy may not do unless it is switched on. */
function selinuxBooleans(cluster: Cluster, host: Host): string[] {
  const sites = cluster.sites.filter(({ hosts }) => hosts.includes(host.name));
  const mounts = cluster.mounts.filter(({ hosts }) => hosts.includes(host.name));
  const onNfs = sites.some(({ root }) => mounts.some(({ path }) => isWithin(root, path)));
  return [
    ...(cluster.directors.includes(host.name) ? ['keepalived_connect_any'] : []),
    ...(onNfs ? ['httpd_use_nfs'] : []),
    ...(sites.some(({ proxy }) => proxy !== undefined) ? ['httpd_can_network_connect'] : []),
    ...(cluster.haproxy?.hosts.includes(host.name) === true ? ['haproxy_connect_any'] : []),
  ];
}

function isWithin(path: string | undefined, folder: string): boolean {
  return path !== undefined && (path === folder || path.startsWith(`${folder}/`));
}

interface Opening {
  readonly type: 'port' | 'service' | 'protocol';
  readonly value: string;
}

function firewallOpenings(cluster: Cluster, { name }: Host): Opening[] {
  const isDirector = cluster.directors.includes(name);
  const sites = cluster.sites.filter(({ hosts }) => hosts.includes(name));
  const listeners = cluster.haproxy?.hosts.includes(name) === true ? cluster.haproxy.listeners : [];
  return [
    ...(isDirector && cluster.vrrp.length > 0 ? [{ type: 'protocol', value: 'vrrp' } as const] : []),
    ...(speaksBfd(cluster, name) ? [port(bfdPort, 'udp')] : []),
    ...cluster.services.flatMap((service) => (isDirector ? virtualPorts(service) : [])),
    ...(isDirector && cluster.ipvs.syncDaemon ? [port(cluster.ipvs.syncDaemon.port, 'udp')] : []),
    ...cluster.services.flatMap((service) => realPorts(service, name)),
    ...sites.map((site) => port(site.port, 'tcp')),
    ...listeners.map((listener) => port(listener.port, 'tcp')),
    ...(cluster.exports.some(({ host }) => host === name) ? [{ type: 'service', value: 'nfs' } as const] : []),
  ];
}

/** Whether a host is an end of a BFD session: a director that has one, or a real server that is checked by one. */
function speaksBfd(cluster: Cluster, host: string): boolean {
  if (cluster.directors.includes(host) && sessionsOf(cluster, host).length > 0) return true;
  return cluster.services.some((service) =>
    service.realServers.some(
      (server) => server.host === host && checksOf(service, server).some(({ kind }) => kind.type === 'bfd'),
    ),
  );
}

/** The ports of a service as its clients see them. */
function virtualPorts(service: VirtualService): Opening[] {
  const protocol = service.protocol.toLowerCase();
  const ports = service.mark?.ports ?? [{ first: service.port, last: service.port }];
  return ports.map(({ first, last }) => port(first === last ? first : `${first}-${last}`, protocol));
}

/** What a real server gets: packets to the ports of the VIP, to its own port with NAT, or those of a tunnel. */
function realPorts(service: VirtualService, host: string): Opening[] {
  const server = service.realServers.find((one) => one.host === host);
  if (server === undefined) return [];
  const { forwarding } = service;
  if (forwarding.mode === 'NAT') return [port(server.port, service.protocol.toLowerCase())];
  if (forwarding.mode === 'DR') return virtualPorts(service);
  const { tunnel } = forwarding;
  const outer: Opening =
    tunnel.type === 'gue'
      ? port(tunnel.port, 'udp')
      : { type: 'protocol', value: tunnel.type === 'gre' ? 'gre' : ipProtocols[service.family] };
  return [outer, ...virtualPorts(service)];
}

/** How protocols(5) calls a packet of a family inside another packet. */
const ipProtocols: Readonly<Record<Family, string>> = { 4: 'ipencap', 6: 'ipv6' };

function port(number: number | string, protocol: string): Opening {
  return { type: 'port', value: `${number}/${protocol}` };
}
