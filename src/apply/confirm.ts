import type { Rejection } from './failure.ts';
import type { Run } from './run.ts';
import { confirmScript } from './watchdog.ts';

/** Milliseconds between two attempts to log in again. */
export const attemptEvery = 1000;

/** Seconds for the script that confirms. */
const deadline = 15;

/**
 * Confirms a stage over a connection that is made after it: the one that was open before proves nothing about the next one. It is
 * tried again until the host's watchdog must have acted.
 *
 * @param seconds that the watchdog waits.
 */
export async function confirmStage(
  host: string,
  position: number,
  seconds: number,
  run: Run,
): Promise<Rejection | undefined> {
  const end = Date.now() + seconds * 1000;
  let why: string;
  do {
    const fresh = await run.reconnect(host);
    if (fresh.ok) {
      const confirmed = await fresh.value.run(confirmScript(run.holder.run, position), { deadline });
      fresh.value.close();
      if (confirmed.ok && confirmed.value.code === 0) return undefined;
      why = confirmed.ok ? 'its watchdog had acted before' : confirmed.error.detail;
      if (confirmed.ok) break;
    } else {
      why = fresh.error.detail;
    }
    await run.wait(attemptEvery);
  } while (Date.now() < end);
  return {
    reason: 'unconfirmed',
    detail: `after the stage it could not be logged in to anew: ${why}`,
    hint: `The host takes back by itself what nobody confirms within ${seconds} seconds.`,
  };
}
