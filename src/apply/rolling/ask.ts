import { randomBytes } from 'node:crypto';
import { compareTables } from '../../ipvs/compare.ts';
import { desiredTable } from '../../ipvs/desired.ts';
import { parseTable } from '../../ipvs/table.ts';
import { once } from '../../verify/client.ts';
import { readOnce } from '../../verify/replies.ts';
import { destinationOf, judgeReply, targets, type Target } from '../../verify/checks/director-reaches-rips.ts';
import type { RollingRun } from './given.ts';

/** Seconds for asking every real server once from one director. */
const deadline = 60;

/** Seconds between two attempts. */
const pace = 1;

/** Asks real servers by their own addresses from one director, as the health checks do; gives what the first bad one said. */
async function askFrom({ run }: RollingRun, director: string, list: readonly Target[]): Promise<string | undefined> {
  if (list.length === 0) return undefined;
  const nonce = randomBytes(12).toString('hex');
  const ran = await run.connections.get(director)?.run(once(list.map(destinationOf), nonce), { deadline });
  if (ran?.ok !== true) return `${director} could not be asked`;
  const replies = readOnce(ran.value.stdout.toString('utf8'), nonce);
  const bad = list
    .map((target, index) => judgeReply(director, target, replies.get(index)))
    // What a director has no program for is left to its own health checks.
    .find(({ status }) => status === 'failed');
  return bad && `asked from ${director}: ${bad.title.replace(' answers', ' does not answer soundly')}: ${bad.seen}`;
}

/** Repeats a question until nothing is wrong any more, for as long as a cluster needs to come right; gives what is wrong in the end. */
export async function patiently(
  { time, settle }: RollingRun,
  look: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const end = time.now() + settle;
  for (;;) {
    const problem = await look();
    if (problem === undefined || time.now() >= end) return problem;
    await time.sleep(pace);
  }
}

/** Whether a real server answers every director by its own address, on the port of every service that it is behind. */
export function realServerSound(
  rolling: RollingRun,
  host: string,
  directors: readonly string[],
): Promise<string | undefined> {
  const its = targets(rolling.cluster).filter(({ server }) => server.host === host);
  return patiently(rolling, async () => {
    const all = await Promise.all(directors.map((director) => askFrom(rolling, director, its)));
    return all.find((problem) => problem !== undefined);
  });
}

/** Whether a director could serve: keepalived runs, its table is as planned, and the real servers answer it. */
export function directorSound(rolling: RollingRun, director: string): Promise<string | undefined> {
  const { cluster, run } = rolling;
  const wished = desiredTable(cluster);
  return patiently(rolling, async () => {
    const sh = `pidof keepalived >/dev/null || exit 9\n${wished.length > 0 ? 'ipvsadm -Ln' : ':'}`;
    const ran = await run.connections.get(director)?.run(sh, { deadline: 20 });
    if (ran?.ok !== true) return `${director} could not be looked at`;
    if (ran.value.code === 9) return `keepalived does not run on ${director}`;
    if (wished.length === 0) return undefined;
    const table = parseTable(ran.value.stdout.toString('utf8'));
    if (!table.ok) return `the table of ${director} could not be read`;
    const [difference] = compareTables(wished, table.value);
    if (difference !== undefined) return `the table of ${director} is not as planned: ${difference.line}`;
    return askFrom(rolling, director, targets(cluster));
  });
}
