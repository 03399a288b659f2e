import { readFile } from 'node:fs/promises';
import { selectHosts } from '../../inventory/pattern.ts';
import { journalFolder } from '../../journal/journal.ts';
import { jsonLines, readRecords, type Record } from '../../journal/read.ts';
import type { Section } from '../../observe/frame.ts';
import { count } from '../../report/plan.ts';
import { printable } from '../../ssh/printable.ts';
import { askHosts } from '../ask-hosts.ts';
import { exit, Output, type GlobalFlags, type Terminal } from '../context.ts';
import { withHosts } from '../house.ts';

/** Records that are shown. */
const most = 50;

/** The last lines of a host's own log; see record in apply/undo.ts. */
const logSection: Section = { name: 'log', sh: `tail -n 200 /var/log/lvsctl.log 2>/dev/null` };

/** `lvsctl log`: the runs of this operator; `log RUN`: all that was recorded of one; `log HOST`: what a host itself says was done to it. */
export async function log(terminal: Terminal, flags: GlobalFlags, what?: string): Promise<number> {
  const out = new Output(terminal, flags);
  const folder = journalFolder(terminal.env);
  let records: readonly Record[];
  try {
    records = await readRecords(folder, what === undefined ? most : Number.POSITIVE_INFINITY);
  } catch (error) {
    out.error(`${folder} cannot be read: ${(error as Error).message}`);
    return exit.failed;
  }
  if (what === undefined) {
    if (flags.json) out.json(records);
    else if (records.length === 0) out.line(`Nothing is recorded in ${folder} yet.`);
    else for (const record of records) out.line(recordText(record));
    return exit.ok;
  }
  const record = records.find(({ run }) => run === what);
  if (!record) return hostLog(terminal, flags, what);
  const lines = jsonLines(await readFile(record.file, 'utf8'));
  if (flags.json) out.json(lines);
  else for (const one of lines) out.line(printable(JSON.stringify(one)));
  return exit.ok;
}

function recordText({ run, since, by, command, cluster, code, hosts, steps }: Record): string {
  const result = code === undefined ? 'no end recorded' : code === exit.ok ? 'ok' : `exit code ${code}`;
  const where = hosts.length === 0 ? 'nothing changed' : `${count(steps, 'step')} on ${hosts.join(', ')}`;
  return printable(`${since}  ${run}  ${by}  ${command} (${cluster}): ${result}; ${where}`);
}

function hostLog(terminal: Terminal, flags: GlobalFlags, pattern: string): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, out } = house;
    const chosen = selectHosts(cluster, pattern);
    if (!chosen.ok) {
      out.error(`${pattern}: ${chosen.error}; nor is it a recorded run`);
      return exit.usage;
    }
    const answers = await askHosts(house, chosen.value, () => [logSection]);
    const logs = new Map<string, string[]>();
    let missing = false;
    for (const [host, answer] of answers) {
      if ('trouble' in answer) {
        missing = true;
        out.error(`${host}: ${answer.trouble}`);
      } else logs.set(host, (answer.answers.get(logSection.name)?.output ?? '').split('\n').filter(Boolean));
    }
    if (flags.json) out.json(Object.fromEntries(logs));
    else
      for (const [host, lines] of logs) {
        if (logs.size > 1) out.line(`${host}:`);
        if (lines.length === 0) out.line('lvsctl has not changed anything there, or its log is gone.');
        for (const line of lines) out.line(printable(line));
      }
    return missing ? exit.unreachable : exit.ok;
  });
}
