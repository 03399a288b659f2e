import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { err, ok, type Result } from '../result.ts';
import type { Family, Host } from './cluster.ts';

/** An address and the network it is in. */
export interface NetworkAddress {
  /** In its shortest form (RFC 5952), so that equal addresses are equal texts. */
  readonly address: string;
  readonly family: Family;
  readonly prefix: number;
}

/** Reads an address, `10.77.0.11` or `fd00::11/64`; the default prefix is 24 or 64. The error is a sentence. */
export function readAddress(text: string): Result<NetworkAddress, string> {
  const [address = '', length] = text.split('/');
  const plain = readIp(address);
  if (!plain.ok) return plain;
  const { family } = plain.value;
  const most = family === 4 ? 32 : 128;
  const prefix = length === undefined ? (family === 4 ? 24 : 64) : Number(length);
  if (prefix > most) return err(`the prefix length /${prefix} is longer than /${most}`);
  return ok({ ...plain.value, prefix });
}

/** Reads an address without a prefix that a host or a VIP can have. The error is a sentence. */
export function readIp(text: string): Result<{ readonly address: string; readonly family: Family }, string> {
  const family = isIPv4(text) ? 4 : isIPv6(text) ? 6 : undefined;
  if (family === undefined) return err(`"${text}" is not an IPv4 or IPv6 address`);
  if (family === 4 && unicast.test(text)) return ok({ address: text, family });
  const parsed = ipaddr.parse(text);
  const kind = parsed.range();
  if (
    kind === 'unspecified' ||
    kind === 'multicast' ||
    kind === 'broadcast' ||
    kind === 'loopback' ||
    kind === 'ipv4Mapped'
  ) {
    return err(
      `${text} is ${kind === 'ipv4Mapped' ? 'an IPv4-mapped' : `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`} address, which no host can have on a network`,
    );
  }
  return ok({ address: parsed.toString(), family });
}

/** Whether an address is in the network of another. */
export function inNetwork(address: string, network: NetworkAddress): boolean {
  if (network.family === 4) {
    if (address.includes(':')) return false;
    const apart = 2 ** (32 - network.prefix);
    return Math.floor(numberOf(address) / apart) === Math.floor(numberOf(network.address) / apart);
  }
  const one = ipaddr.parse(address);
  const other = ipaddr.parse(network.address);
  return one.kind() === other.kind() && one.match(other, network.prefix);
}

/** The network of an address, `10.77.0.0/24`. */
export function networkOf({ address, family, prefix }: NetworkAddress): string {
  const network = (family === 4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(`${address}/${prefix}`);
  return `${network.toString()}/${prefix}`;
}

/** The interface by which a host is on the same link as an address, its service interface before others; undefined: it is not. */
export function linkTo(host: Host, address: string): string | undefined {
  const on = host.addresses.filter((own) => inNetwork(address, own));
  return (on.find((own) => own.interface === host.interface) ?? on[0])?.interface;
}

/** What needs no closer look, which is what every host of a large inventory has. */
const unicast = /^(?:10|172|192|198)\./;

function numberOf(ipv4: string): number {
  let [number, part] = [0, 0];
  for (let at = 0; at < ipv4.length; at++) {
    const code = ipv4.charCodeAt(at);
    if (code === 46) [number, part] = [number * 256 + part, 0];
    else part = part * 10 + code - 48;
  }
  return number * 256 + part;
}

/** An address as it stands in a URL. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
