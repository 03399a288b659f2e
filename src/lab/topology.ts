import ipaddr from 'ipaddr.js';
import { LabFailure } from './failure.ts';
import type { LabSpec } from './spec.ts';

/** Bridges and taps of a lab, inside its network namespace. */
export interface Topology {
  readonly bridges: readonly Bridge[];
  readonly taps: readonly Tap[];
}

/** One Ethernet network, and the operator's place in it. */
export interface Bridge {
  readonly name: string;
  /** The operator's addresses, one a subnet, as address/prefix. */
  readonly operator: readonly string[];
}

/** The outer end of a host's NIC. */
export interface Tap {
  readonly name: string;
  readonly host: string;
  readonly nic: string;
  readonly bridge: string;
  readonly mac: string;
}

/** Which bridges the hosts' NICs make, and which addresses are left for the operator. Throws a LabFailure when none is. */
export function topology(spec: LabSpec): Topology {
  const cards = spec.hosts.flatMap((host, hostIndex) =>
    host.nics.map((nic, nicIndex) => ({
      host: host.name,
      hostIndex,
      nic,
      nicIndex,
      subnets: nic.addresses.map(subnet),
    })),
  );
  const networks = joined(cards.map((card) => card.subnets));
  const taken = new Set(
    [...spec.reserved, ...cards.flatMap((card) => card.nic.addresses.map((a) => a.address))].map(plain),
  );
  const bridgeOf = (subnets: readonly string[]): string =>
    `br${networks.findIndex((network) => subnets.some((each) => network.includes(each)))}`;
  return {
    bridges: networks.map((subnets, index) => ({ name: `br${index}`, operator: operatorAddresses(subnets, taken) })),
    taps: cards.map((card) => ({
      name: `tap${card.hostIndex}-${card.nicIndex}`,
      host: card.host,
      nic: card.nic.name,
      bridge: bridgeOf(card.subnets),
      mac: mac(card.hostIndex, card.nicIndex),
    })),
  };
}

/** The subnet an address lies in, as network/prefix. */
export function subnet(address: { readonly address: string; readonly prefix: number }): string {
  const cidr = `${address.address}/${address.prefix}`;
  const network = address.address.includes(':')
    ? ipaddr.IPv6.networkAddressFromCIDR(cidr)
    : ipaddr.IPv4.networkAddressFromCIDR(cidr);
  return `${network.toString()}/${address.prefix}`;
}

/** The highest usable address of a subnet (network/prefix) that nobody has; undefined when all are taken. */
export function freeAddress(network: string, taken: ReadonlySet<string>): string | undefined {
  const [address, prefix] = ipaddr.parseCIDR(network);
  const bytes = address.toByteArray();
  const hostBits = bytes.length * 8 - prefix;
  const size = 1n << BigInt(hostBits);
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const point = hostBits <= 1;
  const isV4 = address.kind() === 'ipv4';
  // A point-to-point subnet (RFC 3021, RFC 6164) has neither network nor broadcast address; IPv6 has no broadcast.
  const highest = point || !isV4 ? size - 1n : size - 2n;
  const lowest = point ? 0n : 1n;
  for (let offset = highest; offset >= lowest; offset -= 1n) {
    const candidate = fromNumber(first + offset, bytes.length);
    if (!taken.has(candidate)) return candidate;
  }
  return undefined;
}

function operatorAddresses(subnets: readonly string[], taken: ReadonlySet<string>): string[] {
  return subnets.map((network) => {
    const address = freeAddress(network, taken);
    if (address === undefined) {
      throw new LabFailure(
        `no address is free for the operator in ${network}`,
        'give the network a shorter prefix in the inventory, or take an address away from a host',
      );
    }
    return `${address}/${network.slice(network.indexOf('/') + 1)}`;
  });
}

/** Subnets that share a NIC are one network: groups of subnets, in order of appearance. */
function joined(groups: readonly (readonly string[])[]): string[][] {
  const networks: string[][] = [];
  for (const group of groups) {
    const touched = networks.filter((network) => network.some((each) => group.includes(each)));
    const merged = [...new Set([...touched.flat(), ...group])];
    const [first] = touched;
    if (first === undefined) networks.push(merged);
    else networks[networks.indexOf(first)] = merged;
    for (const rest of touched.slice(1)) networks.splice(networks.indexOf(rest), 1);
  }
  return networks;
}

/** Locally administered, and the same at every boot. */
function mac(hostIndex: number, nicIndex: number): string {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `02:4c:56:${hex(hostIndex >> 8)}:${hex(hostIndex & 255)}:${hex(nicIndex)}`;
}

function fromNumber(value: bigint, length: number): string {
  const bytes = Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

function plain(address: string): string {
  return ipaddr.parse(address).toString();
}
