import { randomBytes } from 'node:crypto';
import type { Run } from '../apply/run.ts';
import { applyScript, readProgress } from '../apply/script.ts';
import { takeBackScript } from '../apply/undo.ts';
import { err, ok, type Result } from '../result.ts';
import type { Connection, Finished, RunFailure } from '../ssh/connection.ts';
import { printableLine } from '../ssh/printable.ts';
import type { Fault } from './drill.ts';
import { readMoment, type Moment } from './faults/marking.ts';

/** Seconds for the script that breaks something. */
const breakDeadline = 90;

/** Seconds for the one that takes it back: it waits for what is at work on the host. */
const healDeadline = 200;

/** When something was broken or mended, in seconds of the host's uptime, as the host tells. */
export type Told = (moment: Moment) => void;

/** Lines of what a step printed that are kept. */
const keptLines = 3;

/**
 * Breaks something on a host. How it is taken back is on the host before it is broken, and its watchdog does so when nobody else
 * has within `guard` seconds: whatever becomes of lvsctl and of the connection. What fails half-way is taken back at once; the error is why.
 */
export async function breakHost(
  { host, steps }: Extract<Fault, { by: 'steps' }>,
  position: number,
  guard: number,
  connection: Connection,
  run: Run,
  tell: Told,
): Promise<Result<undefined, string>> {
  const nonce = randomBytes(12).toString('hex');
  const log: { failed?: string; ended?: true; said: string[] } = { said: [] };
  const onLine = (line: string): void => {
    const moment = readMoment(line, nonce);
    if (moment) {
      tell(moment);
      return;
    }
    const word = readProgress(line, nonce);
    if (word?.type === 'start') log.said = [];
    if (word?.type === 'failed') log.failed = `${steps[word.step]?.resource ?? 'a step'} (exit code ${word.code})`;
    if (word?.type === 'end') log.ended = true;
    if (word === undefined && log.failed === undefined && line.trim() !== '' && !line.startsWith(nonce))
      log.said = [...log.said, printableLine(line)].slice(-keptLines);
  };
  const stage = { holder: run.holder, stage: 'drill', position, confirmWithin: Math.ceil(guard) } as const;
  const ran = await connection.run(applyScript(steps, nonce, stage), { deadline: breakDeadline, onLine });
  if (!ran.ok) return err(`${host}: ${ran.error.detail}`);
  if (log.ended && log.failed === undefined) return ok(undefined);
  const why = [log.failed ?? 'the host refused it', ...log.said, ran.value.stderr.trim()].filter(Boolean).join('; ');
  return err(`${host}: ${why}`);
}

/** Takes back on a host what the run has broken; the error is why it is not. What is taken back already stays so. */
export async function healHost(
  host: string,
  connection: Connection,
  { holder }: Run,
  tell: Told,
): Promise<Result<undefined, HealFailure>> {
  const nonce = randomBytes(12).toString('hex');
  const log: { ended?: true; failed: string[] } = { failed: [] };
  const ran: Result<Finished, RunFailure> = await connection.run(takeBackScript(holder.run, nonce), {
    deadline: healDeadline,
    onLine: (line) => {
      const moment = readMoment(line, nonce);
      if (moment) tell(moment);
      const word = readProgress(line, nonce);
      if (word?.type === 'end') log.ended = true;
      if ((word?.type === 'undone' || word?.type === 'settled') && word.code !== 0)
        log.failed.push(`step ${word.step + 1} could not be taken back (exit code ${word.code})`);
    },
  });
  if (!ran.ok) return err({ again: true, why: `${host}: ${ran.error.detail}` });
  if (log.failed.length > 0) return err({ again: false, why: `${host}: ${log.failed.join('; ')}` });
  if (!log.ended)
    return err({ again: true, why: `${host}: exit code ${ran.value.code ?? 'none'} ${ran.value.stderr}` });
  return ok(undefined);
}

/** Why something was not taken back, and whether trying again makes sense. */
export interface HealFailure {
  readonly again: boolean;
  readonly why: string;
}
