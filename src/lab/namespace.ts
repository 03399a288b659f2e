import { statSync } from 'node:fs';
import { attempt, run } from './run.ts';
import type { Tap, Topology } from './topology.ts';

/** The lines of `ip -batch` that make a lab's network inside its namespace. Nothing in it leads outside. */
export function networkBatch(network: Topology): string {
  const lines = [
    'link set lo up',
    ...network.bridges.flatMap((bridge) => [
      `link add ${bridge.name} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `link set ${bridge.name} up`,
      ...bridge.operator.map((address) =>
        address.includes(':')
          ? `address add ${address} dev ${bridge.name} nodad`
          : `address add ${address} broadcast + dev ${bridge.name}`,
      ),
    ]),
    ...network.taps.flatMap((tap) => [
      `tuntap add ${tap.name} mode tap`,
      `link set ${tap.name} master ${tap.bridge} up`,
    ]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Makes the namespace and the network in it. */
export async function makeNamespace(name: string, network: Topology): Promise<void> {
  await run('ip', ['netns', 'add', name]);
  await run('ip', ['-n', name, '-batch', '-'], { input: networkBatch(network) });
}

/** Takes the namespace away, with all the links in it. */
export async function removeNamespace(name: string): Promise<void> {
  if (await namespaceExists(name)) await run('ip', ['netns', 'del', name]);
}

/** Whether the namespace is there. */
export async function namespaceExists(name: string): Promise<boolean> {
  const { stdout } = await attempt('ip', ['netns', 'list']);
  return stdout.split('\n').some((line) => line.split(' ')[0] === name);
}

/** Whether this process is in the namespace: both name it by the same inode, namespaces(7). */
export function isInside(name: string): boolean {
  try {
    const [own, its] = [statSync('/proc/self/ns/net'), statSync(`/run/netns/${name}`)];
    return own.dev === its.dev && own.ino === its.ino;
  } catch {
    return false;
  }
}

/** Processes that run in the namespace, by number. */
export async function processesIn(name: string): Promise<number[]> {
  const { stdout } = await attempt('ip', ['netns', 'pids', name]);
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** Names of the links in the namespace that belong to no bridge. */
export async function linksApart(name: string): Promise<ReadonlySet<string>> {
  const { code, stdout } = await attempt('ip', ['-n', name, '-json', 'link', 'show']);
  if (code !== 0) return new Set();
  const links = JSON.parse(stdout) as { ifname: string; master?: string }[];
  return new Set(links.filter((link) => link.master === undefined).map((link) => link.ifname));
}

/**
 * Connects or disconnects a tap: a cable plugged in or pulled. It leaves the bridge and stays up: a host that sends into a tap that
 * is down has its NIC broken for good, by the driver of User Mode Linux.
 */
export async function setLink(name: string, tap: Pick<Tap, 'name' | 'bridge'>, plugged: boolean): Promise<void> {
  await run('ip', ['-n', name, 'link', 'set', tap.name, ...(plugged ? ['master', tap.bridge] : ['nomaster'])]);
}
