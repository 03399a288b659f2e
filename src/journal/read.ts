import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** One recorded run. */
export interface Record {
  readonly run: string;
  /** ISO 8601. */
  readonly since: string;
  readonly by: string;
  readonly command: string;
  readonly cluster: string;
  /** Exit code; undefined: the run was killed, or is still at work. */
  readonly code: number | undefined;
  /** Hosts on which steps were done. */
  readonly hosts: readonly string[];
  readonly steps: number;
  readonly file: string;
}

const begun = z.object({
  type: z.literal('begun'),
  run: z.string(),
  since: z.string(),
  by: z.string(),
  command: z.string(),
  cluster: z.string(),
});
const line = z.looseObject({ type: z.string(), host: z.string().optional(), code: z.number().optional() });

/** The records of a folder, the newest first; files that are none are passed over. Throws what reading the folder throws but ENOENT. */
export async function readRecords(folder: string, most: number): Promise<Record[]> {
  const names = await namesIn(folder);
  const newest = names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .reverse();
  const records: Record[] = [];
  for (const name of newest) {
    if (records.length >= most) break;
    const file = join(folder, name);
    const record = readRecord(await readFile(file, 'utf8'), file);
    if (record) records.push(record);
  }
  return records;
}

/** Makes sense of one file; a last line that was not written to its end is passed over. */
export function readRecord(text: string, file: string): Record | undefined {
  const lines = jsonLines(text);
  const first = begun.safeParse(lines[0]);
  if (!first.success) return undefined;
  const events = lines.flatMap((one) => line.safeParse(one).data ?? []);
  const done = events.filter(({ type }) => type === 'step-done');
  const { run, since, by, command, cluster } = first.data;
  return {
    run,
    since,
    by,
    command,
    cluster,
    code: events.find(({ type }) => type === 'ended')?.code,
    hosts: [...new Set(done.flatMap(({ host }) => host ?? []))],
    steps: done.length,
    file,
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The lines of a record; one that was not written to its end is passed over. */
export function jsonLines(text: string): unknown[] {
  return text.split('\n').flatMap((one) => {
    try {
      return [JSON.parse(one) as unknown];
    } catch {
      return [];
    }
  });
}
