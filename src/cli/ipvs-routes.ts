import { buildCommand, buildRouteMap } from '@stricli/core';
import type { Context } from './context.ts';
import {
  changeFlags,
  globalFlags,
  inventoryAliases,
  inventoryFlags,
  type ChangeFlags,
  type InventoryFlags,
} from './flags.ts';

const file = {
  kind: 'tuple',
  parameters: [{ brief: 'File of ipvsadm -Sn lines', parse: (input: string) => input, placeholder: 'FILE' }],
} as const;

const save = buildCommand<InventoryFlags, [file: string], Context>({
  docs: { brief: 'Write the live tables of the directors into a file' },
  parameters: { flags: inventoryFlags, aliases: inventoryAliases, positional: file },
  loader: async () => {
    const { ipvsSave } = await import('./commands/ipvs.ts');
    return async function (this: Context, flags, path) {
      this.end(await ipvsSave(this.terminal, globalFlags(flags, this.terminal.env), path));
    };
  },
});

const restore = buildCommand<ChangeFlags, [file: string], Context>({
  docs: { brief: 'Make the live tables what a file has, by the fewest changes; shows them first' },
  parameters: { flags: changeFlags, aliases: inventoryAliases, positional: file },
  loader: async () => {
    const { ipvsRestore } = await import('./commands/ipvs.ts');
    return async function (this: Context, flags, path) {
      this.end(await ipvsRestore(this.terminal, globalFlags(flags, this.terminal.env), path));
    };
  },
});

const diff = buildCommand<InventoryFlags, [], Context>({
  docs: { brief: 'Compare the live tables with the inventory; exit code 1 when they differ' },
  parameters: { flags: inventoryFlags, aliases: inventoryAliases },
  loader: async () => {
    const { ipvsDiff } = await import('./commands/ipvs.ts');
    return async function (this: Context, flags) {
      this.end(await ipvsDiff(this.terminal, globalFlags(flags, this.terminal.env)));
    };
  },
});

/** `lvsctl ipvs …`. */
export const ipvsRoutes = buildRouteMap({
  routes: { diff, save, restore },
  docs: { brief: 'The live tables of the directors: compare, save, restore' },
});
