import { labUp } from '../../lab/commands.ts';
import { labSpec } from '../../lab/index.ts';
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
  },
): Promise<number> {
  const out = new Output(terminal, { color: true });
  const read = await readInventory(terminal, flags.inventory, out);
  if (!read) return exit.failed;
  const { folder, image, memory, only } = flags;
  const inventory = read.cluster.inventory.file;
  return labUp(labSpec(read.cluster), { folder, image, memory, inventory, hosts: only?.split(',') }, out);
}
