import type { Cluster, Host } from '../inventory/cluster.ts';
import { systems, type System } from './image/recipe.ts';

/** What a lab is made of: nothing but hosts, their NICs and addresses. */
export interface LabSpec {
  readonly hosts: readonly LabHost[];
  /** Addresses the lab must not take for the operator: the VIPs. */
  readonly reserved: readonly string[];
}

/** A virtual host. */
export interface LabHost {
  /** Also its host name and the name of its folder. */
  readonly name: string;
  readonly system: System;
  /** The first is the primary one. */
  readonly nics: readonly LabNic[];
}

/** A network card; all cards with an address in the same subnet are on the same bridge. */
export interface LabNic {
  readonly name: string;
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
}

/**
 * The lab of an inventory: its hosts with their addresses by NIC, the service network's NIC first; VIPs are reserved. `chosen`
 * gives the system of hosts that do not run the usual one, by name.
 */
export function labSpec(cluster: Cluster, chosen: ReadonlyMap<string, System> = new Map()): LabSpec {
  const vips = [
    ...cluster.vrrp.flatMap(({ vips }) => vips.map(({ address }) => address)),
    ...cluster.services.map((service) => service.vip),
  ];
  return {
    hosts: cluster.hosts.map((host) => ({
      name: host.name,
      system: chosen.get(host.name) ?? systems[0],
      nics: nics(host),
    })),
    reserved: [...new Set(vips)],
  };
}

function nics(host: Host): LabNic[] {
  const real = host.addresses.filter((address) => address.interface !== 'lo');
  const names = new Set([host.interface, ...real.map((address) => address.interface)]);
  return [...names]
    .map((name) => ({
      name,
      addresses: real
        .filter((address) => address.interface === name)
        .map(({ address, prefix }) => ({ address, prefix })),
    }))
    .filter((nic) => nic.addresses.length > 0);
}
