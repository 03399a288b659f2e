import { labUp } from '../../lab/commands.ts';
import { labSpec, systems, type System } from '../../lab/index.ts';
import { selectHosts } from '../../inventory/pattern.ts';
import type { Cluster } from '../../inventory/cluster.ts';
import { err, ok, type Result } from '../../result.ts';
import { exit, Output, type Terminal } from '../context.ts';
import { readInventory } from '../inventory.ts';

/** `lvsctl lab up`: boots the hosts of the inventory. */
export async function labUpOf(
  terminal: Terminal,
  flags: {
    readonly inventory?: string;
    readonly folder?: string;
    readonly image: 'blank' | 'warm';
    readonly memory?: number;
    readonly only?: string;
    readonly system?: readonly string[];
  },
): Promise<number> {
  const out = new Output(terminal, { color: true });
  const read = await readInventory(terminal, flags.inventory, out);
  if (!read) return exit.failed;
  const { folder, image, memory, only } = flags;
  const inventory = read.cluster.inventory.file;
  const chosen = readSystems(flags.system ?? [], read.cluster);
  if (!chosen.ok) {
    out.error(`--system ${chosen.error}`);
    return exit.usage;
  }
  return labUp(labSpec(read.cluster, chosen.value), { folder, image, memory, inventory, hosts: only?.split(',') }, out);
}

/** Reads `PATTERN=SYSTEM`; a later one holds against an earlier one. */
export function readSystems(written: readonly string[], cluster: Cluster): Result<ReadonlyMap<string, System>, string> {
  const chosen = new Map<string, System>();
  for (const text of written) {
    const at = text.lastIndexOf('=');
    const system = systems.find((one) => one === text.slice(at + 1));
    if (at < 1 || system === undefined) return err(`${text}: write PATTERN=${systems.join(' or PATTERN=')}`);
    const hosts = selectHosts(cluster, text.slice(0, at));
    if (!hosts.ok) return err(`${text}: ${hosts.error}`);
    for (const { name } of hosts.value) chosen.set(name, system);
  }
  return ok(chosen);
}
