/** Hosts that are not there: their names, addresses, and the inventory that has them. */
import { shopInventory } from '../shop.ts';

/** Bits of the network that all of them are in. */
export const prefix = 8;

/** The port that each process of fake hosts listens on: the first, the second. */
export const ports = [2201, 2202] as const;

/** Address of a host, from 0 on, in the inventory. */
export function address(index: number): string {
  return `10.${1 + Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${1 + (index % 250)}`;
}

/** The loopback address that stands for it: the rest of the number is the same. */
export function loopback(index: number): string {
  return address(index).replace(/^10\./, '127.');
}

/** The host's own address, from the loopback address that was called. */
export function addressOf(called: string): string {
  return called.replace(/^127\./, '10.');
}

/**
 * The shop of inventories/dr.yaml with so many web servers. The directors and the NFS server are in it and are not looked at
 * (`--limit web*`): no fake host stands for them.
 */
export function inventory(hosts: number): string {
  const web = Array.from(
    { length: hosts },
    (_, index) =>
      `web${index + 1}: { address: ${address(index)}/${prefix}, ssh: { host: ${loopback(index)}, port: ${ports[index % ports.length] ?? 0} } }`,
  );
  const others = [`lb[1:2]: { address: 10.0.0.[11:12]/${prefix} }`, `nas1: { address: 10.0.0.16/${prefix} }`];
  return shopInventory([...others, ...web], '10.0.0.100');
}

/** Line of known_hosts for all of them: they have one key. */
export function knownHosts(publicKey: string): string {
  return `${ports.map((port) => `[127.*]:${port}`).join(',')} ${publicKey}\n`;
}
