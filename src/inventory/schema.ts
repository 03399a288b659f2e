import * as z from 'zod';
import { inventory } from './schema/inventory.ts';

/** The inventory as it is written: the shape alone, before ranges, groups, references and defaults. */
export const schema = inventory;

/** What {@link schema} lets through. */
export type Written = z.infer<typeof inventory>;

/** The JSON Schema of an inventory, for editors. */
export function jsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(inventory, { io: 'input' }),
    title: 'lvsctl inventory',
    description: 'One LVS cluster: hosts, directors, services, sites and storage.',
  };
}
