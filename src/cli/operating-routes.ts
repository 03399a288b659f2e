import { buildCommand } from '@stricli/core';
import type { Context } from './context.ts';
import {
  changeFlags,
  globalFlags,
  inventoryAliases,
  inventoryFlags,
  reportFlags,
  seconds,
  switchFlag,
  type ChangeFlags,
  type InventoryFlags,
  type ReportFlags,
} from './flags.ts';
import { ipvsRoutes } from './ipvs-routes.ts';

const word = (input: string): string => input;

const status = buildCommand<InventoryFlags & { watch: boolean; interval: number }, [], Context>({
  docs: { brief: 'Show who holds which VIP, the live table with its rates, what is drained and mounted' },
  parameters: {
    flags: {
      ...inventoryFlags,
      watch: switchFlag('Look again and again; with --json a line each time'),
      interval: {
        kind: 'parsed',
        parse: seconds(0.2),
        brief: 'Seconds between two looks',
        placeholder: 'SECONDS',
        default: '2',
      },
    },
    aliases: { ...inventoryAliases, w: 'watch' },
  },
  loader: async () => {
    const { status: command } = await import('./commands/status.ts');
    return async function (this: Context, flags) {
      const { watch, interval } = flags;
      this.end(await command(this.terminal, { ...globalFlags(flags, this.terminal.env), watch, interval }));
    };
  },
});

const facts = buildCommand<InventoryFlags, [pattern?: string], Context>({
  docs: { brief: 'Show system, kernel, addresses, versions and schedulers of the hosts' },
  parameters: {
    flags: inventoryFlags,
    aliases: inventoryAliases,
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Hosts, as in --limit', parse: word, placeholder: 'PATTERN', optional: true }],
    },
  },
  loader: async () => {
    const { facts: command } = await import('./commands/facts.ts');
    return async function (this: Context, flags, pattern) {
      this.end(await command(this.terminal, globalFlags(flags, this.terminal.env), pattern));
    };
  },
});

const hostWords = {
  kind: 'array',
  minimum: 1,
  parameter: { brief: 'Hosts, as in --limit', parse: word, placeholder: 'HOST' },
} as const;

const drain = buildCommand<ChangeFlags & { timeout: number; force: boolean }, string[], Context>({
  docs: { brief: 'Take real servers out of every service: no new connections, and wait until the old ones are gone' },
  parameters: {
    flags: {
      ...changeFlags,
      timeout: {
        kind: 'parsed',
        parse: seconds(0),
        brief: 'Seconds to wait for connections to end; 0: do not wait',
        placeholder: 'SECONDS',
        default: '60',
      },
      force: switchFlag('Also where a service is left without enough real servers'),
    },
    aliases: inventoryAliases,
    positional: hostWords,
  },
  loader: async () => {
    const { drain: command } = await import('./commands/drain.ts');
    return async function (this: Context, flags, ...names) {
      const { timeout, force } = flags;
      this.end(await command(this.terminal, { ...globalFlags(flags, this.terminal.env), timeout, force }, names));
    };
  },
});

const undrain = buildCommand<ChangeFlags, string[], Context>({
  docs: { brief: 'Put drained real servers back, with the weights of the inventory' },
  parameters: { flags: changeFlags, aliases: inventoryAliases, positional: hostWords },
  loader: async () => {
    const { undrain: command } = await import('./commands/drain.ts');
    return async function (this: Context, flags, ...names) {
      this.end(await command(this.terminal, globalFlags(flags, this.terminal.env), names));
    };
  },
});

const drill = buildCommand<ChangeFlags & ReportFlags & { all: boolean; dryRun: boolean }, string[], Context>({
  docs: {
    brief: 'Break things on purpose, measure what users notice, and put everything back',
    fullDescription: [
      'Breaks one thing at a time, sends requests all the while, holds what users notice against what the timers of the',
      'inventory promise, puts everything back, and proves that all is as it was. It refuses unless the cluster is whole,',
      'and asks before it breaks anything, but on the lab. What takes a fault back is on its host before it is broken.',
      '',
      'Without a name, the drills there are get listed.',
      'Exit codes: 0 all within bounds · 1 not, or refused · 130 interrupted, and taken back.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...changeFlags,
      ...reportFlags,
      all: switchFlag('Every drill that applies: the rehearsal before going live'),
      dryRun: switchFlag('Say what would be done, and what would have to come of it; nothing is broken'),
    },
    aliases: inventoryAliases,
    positional: { kind: 'array', parameter: { brief: 'Drills', parse: word, placeholder: 'NAME' } },
  },
  loader: async () => {
    const { drill: command } = await import('./commands/drill.ts');
    return async function (this: Context, flags, ...names) {
      const { all, dryRun } = flags;
      this.end(await command(this.terminal, { ...globalFlags(flags, this.terminal.env), all, dryRun }, names));
    };
  },
});

const teardown = buildCommand<ChangeFlags & { packages: boolean }, [], Context>({
  docs: { brief: 'Take away what lvsctl put on the hosts, and put back what it had replaced' },
  parameters: {
    flags: { ...changeFlags, packages: switchFlag('Remove the packages that lvsctl installed as well') },
    aliases: inventoryAliases,
  },
  loader: async () => {
    const { teardown: command } = await import('./commands/teardown.ts');
    return async function (this: Context, flags) {
      const { packages } = flags;
      this.end(await command(this.terminal, { ...globalFlags(flags, this.terminal.env), packages }));
    };
  },
});

const unlock = buildCommand<InventoryFlags, string[], Context>({
  docs: { brief: 'Break the lock of a run that is gone for certain; a stage that is still at work is let finish' },
  parameters: { flags: inventoryFlags, aliases: inventoryAliases, positional: hostWords },
  loader: async () => {
    const { unlock: command } = await import('./commands/unlock.ts');
    return async function (this: Context, flags, ...names) {
      this.end(await command(this.terminal, globalFlags(flags, this.terminal.env), names));
    };
  },
});

const log = buildCommand<InventoryFlags, [host?: string], Context>({
  docs: { brief: 'Show what was done: by your own runs, or with HOST by everybody on that host' },
  parameters: {
    flags: inventoryFlags,
    aliases: inventoryAliases,
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'Hosts, as in --limit; or a run, for all its events',
          parse: word,
          placeholder: 'HOST|RUN',
          optional: true,
        },
      ],
    },
  },
  loader: async () => {
    const { log: command } = await import('./commands/log.ts');
    return async function (this: Context, flags, what) {
      this.end(await command(this.terminal, globalFlags(flags, this.terminal.env), what));
    };
  },
});

/** The commands for a cluster that is in service. */
export const operatingRoutes = { status, facts, ipvs: ipvsRoutes, drain, undrain, drill, teardown, unlock, log };
