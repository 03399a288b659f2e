import { buildApplication, buildCommand, buildRouteMap, help, text_en, version as versionFlag } from '@stricli/core';
import type { ImportFlags } from './commands/import.ts';
import {
  changeFlags,
  globalFlags,
  inventoryAliases,
  inventoryFlags,
  listFlag,
  reportFlags,
  switchFlag,
  textFlag,
  type ChangeFlags,
  type InventoryFlags,
  type ReportFlags,
} from './flags.ts';
import { labRoutes } from './lab-routes.ts';
import { operatingRoutes } from './operating-routes.ts';
import { proofRoutes } from './proof-routes.ts';
import { rolloutFlags, type RolloutFlags } from './rollout-flags.ts';
import { secretRoutes } from './secret-routes.ts';
import { crash } from './crash.ts';
import type { Context } from './context.ts';
import { version } from './version.ts';

const word = (input: string): string => input;

const check = buildCommand<InventoryFlags, [], Context>({
  docs: { brief: 'Check the inventory and the rules across hosts; no host is touched' },
  parameters: { flags: inventoryFlags, aliases: inventoryAliases },
  loader: async () => {
    const { check: command } = await import('./commands/check.ts');
    return async function (this: Context, flags) {
      this.end(await command(this.terminal, globalFlags(flags, this.terminal.env)));
    };
  },
});

const render = buildCommand<InventoryFlags & { out?: string }, [], Context>({
  docs: { brief: 'Show every file that an apply would write, by host; no host is touched' },
  parameters: {
    flags: { ...inventoryFlags, out: textFlag('Write them below this folder, as DIR/HOST/path', 'DIR') },
    aliases: { ...inventoryAliases, o: 'out' },
  },
  loader: async () => {
    const { render: command } = await import('./commands/render.ts');
    return async function (this: Context, flags) {
      this.end(await command(this.terminal, { ...globalFlags(flags, this.terminal.env), out: flags.out }));
    };
  },
});

const plan = buildCommand<
  InventoryFlags & RolloutFlags & { out?: string; exitCode: boolean; profile?: string },
  [],
  Context
>({
  docs: { brief: 'Show what an apply would do, with diffs; nothing is changed' },
  parameters: {
    flags: {
      ...inventoryFlags,
      ...rolloutFlags,
      out: textFlag('Save the plan, for "lvsctl apply FILE"', 'FILE'),
      exitCode: switchFlag('Exit with 2 when something would change'),
      profile: {
        ...textFlag('Say where the time went; --profile=FILE also writes a trace of it (Chrome, Perfetto)', 'FILE'),
        inferEmpty: true,
      },
    },
    aliases: { ...inventoryAliases, o: 'out' },
  },
  loader: async () => {
    const { plan: command } = await import('./commands/plan.ts');
    return async function (this: Context, flags) {
      this.end(await command(this.terminal, { ...flags, ...globalFlags(flags, this.terminal.env) }));
    };
  },
});

const apply = buildCommand<ChangeFlags & ReportFlags & RolloutFlags, [plan?: string], Context>({
  docs: { brief: 'Plan, confirm, apply and verify; with PLAN, do just what that plan shows or refuse' },
  parameters: {
    flags: { ...changeFlags, ...reportFlags, ...rolloutFlags },
    aliases: inventoryAliases,
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'A plan saved by "lvsctl plan -o FILE"', parse: word, placeholder: 'PLAN', optional: true },
      ],
    },
  },
  loader: async () => {
    const { apply: command } = await import('./commands/apply.ts');
    return async function (this: Context, flags, file) {
      this.end(await command(this.terminal, { ...flags, ...globalFlags(flags, this.terminal.env) }, file));
    };
  },
});

const exec = buildCommand<InventoryFlags, string[], Context>({
  docs: { brief: 'Run a command on the hosts of a pattern: lvsctl exec PATTERN -- CMD' },
  parameters: {
    flags: inventoryFlags,
    aliases: inventoryAliases,
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: {
        brief: 'Hosts, then the command: one argument is a line for sh',
        parse: word,
        placeholder: 'PATTERN -- CMD',
      },
    },
  },
  loader: async () => {
    const { exec: command } = await import('./commands/exec.ts');
    return async function (this: Context, flags, ...words) {
      const [pattern = '', ...rest] = words;
      this.end(await command(this.terminal, globalFlags(flags, this.terminal.env), pattern, rest));
    };
  },
});

const importRoute = buildCommand<ImportFlags, string[], Context>({
  docs: {
    brief: 'Write an inventory from keepalived.conf, "ipvsadm -Sn" or an Ansible inventory; no host is touched',
    fullDescription: [
      'Reads configurations of keepalived (one a director), the output of "ipvsadm -Sn", and Ansible inventories in',
      'their INI or YAML form, and writes one inventory from all of them. What cannot be carried over is listed with',
      'its place. FILE may be - for standard input.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      out: textFlag('Write to this file, which only you can read; to standard output unless set', 'FILE'),
      from: listFlag('The keepalived.conf of a director; may be repeated', 'DIRECTOR=FILE'),
      address: listFlag('Address of a host that the files do not say; may be repeated', 'HOST=ADDRESS'),
      kind: {
        kind: 'enum',
        values: ['keepalived', 'ipvsadm', 'ansible-ini', 'ansible-yaml'],
        optional: true,
        brief: 'What the files are, where they do not show it',
      },
      cluster: textFlag('Name of the cluster; "imported" unless set', 'NAME'),
    },
    aliases: { o: 'out' },
    positional: { kind: 'array', parameter: { brief: 'Files to import', parse: word, placeholder: 'FILE' } },
  },
  loader: async () => {
    const { importCommand } = await import('./commands/import.ts');
    return async function (this: Context, flags, ...files) {
      this.end(await importCommand(this.terminal, flags, files));
    };
  },
});

const routes = buildRouteMap({
  routes: {
    check,
    render,
    plan,
    apply,
    ...proofRoutes,
    exec,
    ...operatingRoutes,
    import: importRoute,
    secret: secretRoutes,
    lab: labRoutes,
  },
  docs: {
    brief: 'Turns one YAML inventory into a running, verified LVS cluster, over SSH',
    fullDescription: [
      'Turns one YAML inventory into a running, verified LVS cluster, over SSH.',
      '',
      'Exit codes: 0 done · 1 not, and it says why · 2 changes (plan --exit-code) · 3 a host could not be',
      'reached · 64 wrong arguments · 130 interrupted after a clean stop.',
    ].join('\n'),
  },
});

/** The command line. Commands are loaded when they are called: starting up is what is waited for most often. */
export const application = buildApplication<Context>(
  routes,
  {
    name: 'lvsctl',
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    localization: {
      text: { ...text_en, exceptionWhileRunningCommand: crash, exceptionWhileLoadingCommandFunction: crash },
    },
  },
  {
    help: help({
      brief: 'Print help information and exit',
      defaultForRouteMap: true,
      formatting: {
        caseStyle: 'convert-camel-to-kebab',
        useAliasInUsageLine: false,
        onlyRequiredInUsageLine: true,
      },
    }),
    version: versionFlag({ brief: 'Print the version and exit', info: { currentVersion: version() } }),
  },
);
