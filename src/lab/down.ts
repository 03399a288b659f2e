import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostLayout, layout, type Layout } from './layout.ts';
import { locked } from './lock.ts';
import { namespaceExists, processesIn, removeNamespace } from './namespace.ts';
import { readMark, signal, stateOf, type ProcessMark } from './processes.ts';

/** What taking a lab down found. */
export interface Downed {
  /** Whether there was anything of a lab. */
  readonly found: boolean;
  /** Processes of other people that still run in the lab's network; they are left alone. */
  readonly strangers: readonly number[];
}

/** Takes the lab of a state folder down: its processes, its network, its files. Nothing else is touched. */
export async function down(folder: string): Promise<Downed> {
  const paths = layout(folder);
  if (!(await leftovers(paths))) return { found: false, strangers: [] };
  return locked(
    paths.lock,
    () => undefined,
    async () => takeDown(paths),
  );
}

/** The same, for whoever holds the lab's lock. */
export async function takeDown(paths: Layout): Promise<Downed> {
  if (!(await leftovers(paths))) return { found: false, strangers: [] };
  const supervisor = readMark(paths.supervisorMark);
  if (supervisor !== undefined) await end(supervisor, 'SIGTERM');
  await Promise.all(hostMarks(paths).map((mark) => end(mark, 'SIGKILL')));
  const strangers = await processesIn(paths.namespace);
  await removeNamespace(paths.namespace);
  await rm(paths.run, { recursive: true, force: true });
  await rm(paths.folder, { recursive: true, force: true });
  return { found: true, strangers };
}

async function leftovers(paths: Layout): Promise<boolean> {
  return existsSync(paths.folder) || existsSync(paths.run) || (await namespaceExists(paths.namespace));
}

function hostMarks(paths: Layout): ProcessMark[] {
  const hosts = join(paths.folder, 'hosts');
  if (!existsSync(hosts)) return [];
  return readdirSync(hosts).flatMap((name) => {
    const mark = readMark(hostLayout(paths, name).mark);
    return mark === undefined ? [] : [mark];
  });
}

/** Ends a process and waits for its end; one that will not listen is killed after five seconds. */
async function end(mark: ProcessMark, name: NodeJS.Signals): Promise<void> {
  if (!signal(mark, name)) return;
  for (let waited = 0; stateOf(mark) !== undefined; waited += 20) {
    if (waited === 5000) signal(mark, 'SIGKILL');
    await sleep(20);
  }
}
