import type { Connection } from '../ssh/connection.ts';
import { parseTable, type TableService } from './table.ts';

/** Seconds for ipvsadm(8). */
const deadline = 20;

/** The live table of a director; undefined: it could not be read. */
export async function liveTable(director: Connection | undefined): Promise<readonly TableService[] | undefined> {
  const ran = await director?.run('ipvsadm -Ln', { deadline });
  const table = ran?.ok === true ? parseTable(ran.value.stdout.toString('utf8')) : undefined;
  return table?.ok === true ? table.value : undefined;
}
