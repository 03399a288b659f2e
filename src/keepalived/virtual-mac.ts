import type { VrrpInstance } from '../inventory/cluster.ts';

/** The virtual MAC address of an instance that has one, RFC 5798, 7.3, in lower case; undefined: the NIC's own is used. */
export function virtualMac({ vmac, vrid, family }: VrrpInstance): string | undefined {
  if (vmac === undefined) return undefined;
  return `00:00:5e:00:0${family === 4 ? 1 : 2}:${vrid.toString(16).padStart(2, '0')}`;
}

/**
 * Kernel settings that keep a virtual MAC address apart from that of the NIC below it: without them both answer ARP for every
 * address of the host (seen on Linux 7.2). The effective value is the larger one of `all` and the interface: ip-sysctl.rst.
 */
export const virtualMacSettings: Readonly<Record<string, string>> = {
  'net.ipv4.conf.all.arp_ignore': '1',
  'net.ipv4.conf.all.arp_announce': '2',
};
