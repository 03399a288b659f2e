import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from './support.ts';

/** What `underLoad` gives when every request was answered. */
export const nothingLost = /^sent \d{2,} lost 0 [^\n]*$/;

/**
 * Requests of a client in the lab, `rate` a second in turn to each of the addresses, each on a connection of its own, while something
 * is done: how many were sent and lost, and how.
 */
export async function underLoad(
  world: World,
  rate: number,
  urls: readonly string[],
  work: () => Promise<void>,
): Promise<string> {
  const program = await readFile(join(import.meta.dirname, 'load.py'), 'utf8');
  await world.on(
    'probe1',
    `cat >/tmp/load.py <<'end-of-load'\n${program}\nend-of-load\nrm -f /tmp/stop; : >/tmp/loading; (sh -c 'python3 /tmp/load.py ${rate} /tmp/stop ${urls.join(' ')}; rm /tmp/loading' >/tmp/load.out 2>&1 </dev/null &); sleep 1`,
  );
  try {
    await work();
  } finally {
    await world.on('probe1', 'touch /tmp/stop');
  }
  await world.eventually('probe1', '[ ! -e /tmp/loading ]', 60);
  return (await world.on('probe1', 'cat /tmp/load.out')).trim();
}
