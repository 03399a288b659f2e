import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname, extname } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import { reportDocument, type Occasion, type ReportInput } from '../report/document.ts';
import { reportEnds, reportForm } from '../report/formats.ts';
import { listed } from '../verify/scope.ts';
import type { GlobalFlags, Output } from './context.ts';
import type { House } from './house.ts';
import { version } from './version.ts';

/** `user@machine`: who runs this. */
export function whoRuns(): string {
  return `${userInfo().username}@${hostname()}`.slice(0, 200);
}

/**
 * Whether the reports that are asked for can be written; false, after saying why not: before anything is done, so that nobody drills
 * a cluster for a report that then cannot be had.
 */
export async function canReport(
  { report, junit }: Pick<GlobalFlags, 'report' | 'junit'>,
  out: Output,
): Promise<boolean> {
  if (report !== undefined && reportForm(report) === undefined) {
    const end = extname(report);
    out.error(
      `--report ${report}: the name has to end in ${listed(reportEnds)}, which says the form${end === '' ? '' : `; ${end} is none`}.`,
    );
    return false;
  }
  for (const file of [report, junit]) {
    const problem = file === undefined ? undefined : await unwritable(file);
    if (problem !== undefined) {
      out.error(`${file ?? ''} cannot be written: ${problem}`);
      return false;
    }
  }
  return true;
}

/** Why a file cannot be written; undefined: it can, as far as one can tell before. */
export async function unwritable(file: string): Promise<string | undefined> {
  const folder = dirname(file);
  const [its, there] = await Promise.all([folder, file].map((path) => stat(path).catch(() => undefined)));
  if (its?.isDirectory() !== true) return 'its folder is not there';
  if (there?.isDirectory() === true) return 'it is a folder';
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What a report is made of and where it goes, of the command that is run. */
export type Reporting = Pick<House, 'cluster' | 'flags' | 'began'>;

/** What came of a report. */
interface Written {
  readonly file: string;
  /** Why it is not there. */
  readonly problem: string | undefined;
}

/** Writes the reports that are asked for, readable to their owner only: they say how a cluster is made. */
export async function writeReports(
  { cluster, flags: { report, junit }, began }: Reporting,
  command: Occasion['command'],
  parts: Omit<ReportInput, 'cluster' | 'occasion'>,
): Promise<Written[]> {
  const wanted = [
    { file: report, form: reportForm(report ?? '') },
    { file: junit, form: reportForm('junit.xml') },
  ];
  const seconds = Math.round(Date.now() - began.getTime()) / 1000;
  const occasion = { command, by: whoRuns(), since: began.toISOString(), seconds, lvsctl: version() };
  const written: Written[] = [];
  for (const { file, form } of wanted) {
    if (file === undefined || form === undefined) continue;
    try {
      await replaceFile(file, form(reportDocument({ cluster, occasion, ...parts })), 0o600);
      written.push({ file, problem: undefined });
    } catch (error) {
      written.push({ file, problem: (error as Error).message });
    }
  }
  return written;
}

/** Writes them, and says where they are. */
export async function giveReports(
  house: Reporting & Pick<House, 'out'>,
  command: Occasion['command'],
  parts: Omit<ReportInput, 'cluster' | 'occasion'>,
): Promise<void> {
  const { out } = house;
  for (const { file, problem } of await writeReports(house, command, parts))
    out.error(
      problem === undefined
        ? `The report is in ${file}.`
        : `${out.errorStyle('bad', '✖')} ${file} could not be written: ${problem}`,
    );
}
