import { readFile } from 'node:fs/promises';
import { replaceFile } from '../../replace-file.ts';
import { compareTables } from '../../ipvs/compare.ts';
import { desiredTable } from '../../ipvs/desired.ts';
import { changeRules, changeScripts, readRules, writeRules, type Rules } from '../../ipvs/rules.ts';
import { parseTable } from '../../ipvs/table.ts';
import type { Answer, Section } from '../../observe/frame.ts';
import type { Survey } from '../../observe/survey.ts';
import type { HostSteps, Plan } from '../../plan/plan.ts';
import { applyText } from '../../report/failures.ts';
import { planText } from '../../report/plan.ts';
import { printable } from '../../ssh/printable.ts';
import { unifiedDiff } from '../../resources/diff.ts';
import type { DesiredHost } from '../../roles/index.ts';
import { changeHosts, codeOf, wentWell, type Held } from '../change-hosts.ts';
import { confirmed } from '../confirm.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { heedDrained } from '../heed.ts';
import { desiredHosts, withHosts, type House } from '../house.ts';
import { surveyHosts } from '../survey-hosts.ts';

const listing: Section = { name: 'ipvs-listing', sh: 'ipvsadm -Ln 2>&1' };
const saved: Section = { name: 'ipvs-saved', sh: 'ipvsadm -Sn 2>&1' };

/** `lvsctl ipvs diff`: each director's live table against the inventory. Exit code 1 when they differ. */
export function ipvsDiff(terminal: Terminal, flags: GlobalFlags): Promise<number> {
  return onDirectors(terminal, flags, listing, ({ cluster, out }, desired, found) => {
    const wished = desiredTable(heedDrained(cluster, desired, found.observations).cluster);
    const directors = [...found.observations].map(([director, { extra }]) => {
      const table = parseTable(outputOf(extra, listing));
      return table.ok
        ? { director, differences: compareTables(wished, table.value).map(({ line }) => line) }
        : { director, differences: [`the table cannot be read: ${table.error}`] };
    });
    const same = directors.every(({ differences }) => differences.length === 0);
    if (flags.json) out.json({ ok: same, directors });
    else {
      for (const { director, differences } of directors) {
        if (differences.length === 0) out.line(`${out.style('bold', director)} has the table of the inventory.`);
        else out.line(out.style('bold', director));
        for (const line of differences) {
          const tone = line.startsWith('+') ? 'create' : line.startsWith('~') ? 'update' : 'delete';
          out.line(`  ${out.style(tone, printable(line))}`);
        }
      }
    }
    return Promise.resolve(same ? exit.ok : exit.failed);
  });
}

/** `lvsctl ipvs save FILE`: each director's live table, as `ipvsadm -Sn` writes it, below a line with its name. */
export function ipvsSave(terminal: Terminal, flags: GlobalFlags, file: string): Promise<number> {
  return onDirectors(terminal, flags, saved, async ({ out }, _desired, found) => {
    const tables = liveRules(found);
    if (typeof tables === 'string') {
      out.error(tables);
      return exit.failed;
    }
    const text = [...tables].map(([director, rules]) => `# director ${director}\n${writeRules(rules)}`).join('\n');
    await replaceFile(file, text, 0o644);
    const services = [...tables.values()].reduce((sum, rules) => sum + rules.length, 0);
    if (flags.json) out.json({ ok: true, file, directors: [...tables.keys()], services });
    else out.line(`${file} has the tables of ${[...tables.keys()].join(', ')}.`);
    return exit.ok;
  });
}

/**
 * `lvsctl ipvs restore FILE`: makes each director's table what the file has, by the fewest changes; entries that are equal keep their
 * connections. A table without a director's name, as ipvsadm itself writes one, is for every director.
 */
export async function ipvsRestore(terminal: Terminal, flags: GlobalFlags, file: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    terminal.stderr.write(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}\n`);
    return exit.failed;
  }
  const wished = readRules(text);
  if (!wished.ok) {
    terminal.stderr.write(`${file}: ${wished.error}\n`);
    return exit.failed;
  }
  return withDirectors(terminal, flags, (house, desired) =>
    changeHosts(house, desired, { command: 'ipvs restore', extra: [saved] }, (held) =>
      restore(house, held, desired, wished.value, file),
    ),
  );
}

async function restore(
  house: House,
  held: Held,
  desired: readonly DesiredHost[],
  wished: ReadonlyMap<string | undefined, Rules>,
  file: string,
): Promise<number> {
  const { cluster, out, flags } = house;
  const live = liveRules(held.found);
  if (typeof live === 'string') {
    out.error(live);
    return exit.failed;
  }
  const without = [...live.keys()].filter((name) => !wished.has(name) && !wished.has(undefined));
  if (without.length > 0) {
    out.error(`${file} has no table for ${without.join(', ')}. --limit names the directors that are meant.`);
    return exit.failed;
  }
  const tableOf = (host: string): Rules => wished.get(host) ?? wished.get(undefined) ?? [];
  const busy = [...live].flatMap(([host, rules]) => restoring(host, rules, tableOf(host)));
  if (busy.length === 0) {
    if (flags.json) out.json({ ok: true, changes: [] });
    else out.line(`No changes: ${[...live.keys()].join(', ')} as ${file} has it.`);
    return exit.ok;
  }
  const planOf = (hosts: readonly HostSteps[]): Plan => ({
    cluster: cluster.name,
    hosts: hosts.map(({ host }) => host),
    stages: hosts.length > 0 ? [{ stage: 'directors', batches: [hosts] }] : [],
  });
  const plan = planOf(busy);
  if (!flags.json) for (const line of planText(plan, out.style)) out.line(line);
  if (!(await confirmed(house, 'Restore this?'))) return exit.failed;
  const carried = await held.carry(plan, {
    desired,
    extra: [saved],
    again: (_wish, { host, extra }) => {
      const rules = readRules(outputOf(extra, saved));
      return planOf(restoring(host, rules.ok ? (rules.value.get(undefined) ?? []) : [], tableOf(host)));
    },
  });
  const { failures, proofs } = carried;
  if (flags.json) out.json({ ok: wentWell(carried), changes: busy.map(({ host }) => host), failures, proofs });
  else for (const line of applyText(carried, out.style, restored)) out.line(line);
  return codeOf(carried);
}

const restored = { done: 'Restored.', next: 'Run "lvsctl ipvs restore" again for what is left.' };

function restoring(host: string, live: Rules, wished: Rules): HostSteps[] {
  const changes = changeRules(live, wished);
  if (changes.length === 0) return [];
  return [
    {
      host,
      steps: [
        {
          resource: 'ipvs table',
          action: 'update',
          summary: changes.length === 1 ? '1 change' : `${changes.length} changes`,
          diff: unifiedDiff('table', writeRules(live), writeRules(wished)),
          impact: 'interrupt',
          ...changeScripts(changes),
        },
      ],
    },
  ];
}

/** The tables by director, or what is wrong with one. */
function liveRules(found: Survey): Map<string, Rules> | string {
  const tables = new Map<string, Rules>();
  for (const [director, { extra }] of found.observations) {
    const rules = readRules(outputOf(extra, saved));
    if (!rules.ok) return `${director}: its table cannot be read: ${rules.error}`;
    tables.set(director, rules.value.get(undefined) ?? []);
  }
  return tables;
}

function outputOf(extra: ReadonlyMap<string, Answer>, { name }: Section): string {
  return extra.get(name)?.output ?? '';
}

/** Looks at the directors that `--limit` leaves, with one more question, and goes on when all of them answer. */
function onDirectors(
  terminal: Terminal,
  flags: GlobalFlags,
  section: Section,
  command: (house: House, desired: readonly DesiredHost[], found: Survey) => Promise<number>,
): Promise<number> {
  return withDirectors(terminal, flags, async (house, desired) => {
    const found = await surveyHosts(house, desired, { extra: [section] });
    return found.ok ? command(house, desired, found.value) : found.error;
  });
}

function withDirectors(
  terminal: Terminal,
  flags: GlobalFlags,
  command: (house: House, desired: readonly DesiredHost[]) => Promise<number>,
): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, hosts, out } = house;
    const directors = hosts.filter(({ name }) => cluster.directors.includes(name));
    if (directors.length > 0) return command(house, desiredHosts(cluster, directors));
    out.error('There is no director among these hosts.');
    return exit.usage;
  });
}
