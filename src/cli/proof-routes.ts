import { buildCommand } from '@stricli/core';
import type { Context } from './context.ts';
import {
  globalFlags,
  inventoryAliases,
  inventoryFlags,
  listFlag,
  reportFlags,
  seconds,
  switchFlag,
  type InventoryFlags,
  type ReportFlags,
} from './flags.ts';

interface VerifyRouteFlags extends InventoryFlags, ReportFlags {
  readonly only?: string[];
  readonly skip?: string[];
  readonly strict: boolean;
  readonly wait: number;
  readonly watch: boolean;
  readonly interval: number;
}

const verify = buildCommand<VerifyRouteFlags, [], Context>({
  docs: {
    brief: 'Prove that the cluster works: states, addresses, tables, requests',
    fullDescription: [
      'Proves that the cluster works: states, addresses, tables, requests. docs/verify.md has what each check runs where,',
      'how to read it, and what to do. Warnings do not make the exit code 1, unless with --strict.',
      'With --wait it looks until all holds, or the seconds are over.',
      'With --watch it goes on until Ctrl-C; a report is then written anew after every look.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...inventoryFlags,
      ...reportFlags,
      only: listFlag('Only this check, or these with commas between them; may be repeated', 'CHECK'),
      skip: listFlag('All but this check, or these; may be repeated', 'CHECK'),
      strict: switchFlag('Warnings make the exit code 1 as well'),
      wait: {
        kind: 'parsed',
        parse: seconds(0),
        brief: 'Seconds within which all may still come right, as after a reboot; 0: judge what is there now',
        placeholder: 'SECONDS',
        default: '0',
      },
      watch: switchFlag('Look again and again; with --json a line each time'),
      interval: {
        kind: 'parsed',
        parse: seconds(1),
        brief: 'Seconds between two looks with --watch, 1 or more',
        placeholder: 'SECONDS',
        default: '10',
      },
    },
    aliases: { ...inventoryAliases, w: 'watch' },
  },
  loader: async () => {
    const { verify: command } = await import('./commands/verify.ts');
    return async function (this: Context, flags) {
      const { only, skip, strict, wait, watch, interval } = flags;
      const global = globalFlags(flags, this.terminal.env);
      this.end(await command(this.terminal, { ...global, only, skip, strict, wait, watch, interval }));
    };
  },
});

interface GraphFlags extends InventoryFlags {
  readonly mermaid: boolean;
  readonly live: boolean;
}

const graph = buildCommand<GraphFlags, [], Context>({
  docs: {
    brief: 'Print a picture of the cluster as SVG, or for Markdown as Mermaid; no host is touched without --live',
  },
  parameters: {
    flags: {
      ...inventoryFlags,
      mermaid: switchFlag('As a flowchart of Mermaid, which GitHub and GitLab draw in Markdown'),
      live: switchFlag('Ask the hosts, and show how everything is'),
    },
    aliases: inventoryAliases,
  },
  loader: async () => {
    const { graph: command } = await import('./commands/graph.ts');
    return async function (this: Context, flags) {
      const { mermaid, live } = flags;
      this.end(await command(this.terminal, { ...globalFlags(flags, this.terminal.env), mermaid, live }));
    };
  },
});

/** The commands that show a cluster and prove it. */
export const proofRoutes = { verify, graph };
