import type { NfsMount } from '../../inventory/cluster.ts';
import type { MountState } from '../../resources/mount.ts';
import { ref } from '../../resources/resource.ts';
import { isAutomount } from '../../inventory/nfs.ts';
import { nfsSource } from '../../roles/nfs-client.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { judged } from '../scope.ts';
import { patience, readTrial, tryAll, type Outcome } from '../trial.ts';

/** Each client has each of its folders from the right server, and the server answers. */
export const nfsMounted: Check = {
  name: 'nfs-mounted',
  severity: 'critical',
  proves: 'each client has each folder from the right server, and it answers',
  why: 'Without the mount a web server serves the empty folder underneath; a server that hangs takes its clients with it.',
  runs: 'each client: the mount table, and `stat -f` on the folder',
  reads: 'source and type of the mount',
  mend: '`mount PATH` on the client says why; then the exports on the server (`exportfs -s`)',

  section(round, where, { cluster, nonce }) {
    const mounts = cluster.mounts.filter(({ hosts }) => hosts.includes(where));
    if (round !== 'before' || mounts.length === 0) return undefined;
    const trials = mounts.map(({ path }, number) => ({ number, argument: path }));
    return { sh: tryAll(nonce, 'mount', 'stat -f -c %T -- "$2"', trials) };
  },

  judge: (evidence) =>
    [...evidence.observations.keys()].flatMap((where) => {
      const answer = evidence.answer('before', where, 'nfs-mounted');
      if (!answer) return [];
      return evidence.cluster.mounts
        .filter(({ hosts }) => hosts.includes(where))
        .map((mount, index) =>
          judgeMount(evidence, where, mount, readTrial(answer.output, evidence.nonce, 'mount', index)),
        );
    }),
};

function judgeMount(
  { cluster, observations }: Evidence,
  where: string,
  mount: NfsMount,
  outcome: Outcome | undefined,
): Finding {
  const state = observations.get(where)?.states.get(ref('mount', mount.path)) as MountState | undefined;
  const client = cluster.hosts.find(({ name }) => name === where);
  const source = client === undefined ? mount.server : nfsSource(cluster, mount, client);
  const mounted = state?.mounted;
  // What waits was seen before it was asked; asking has it mounted.
  const triggered = isAutomount(mount) && mounted?.type === 'autofs' && outcome?.said === 'nfs';
  const right = triggered || (mounted?.source === source && mounted.type.startsWith('nfs'));
  const answers = outcome?.exit === 0;
  const what = mounted
    ? `${printableLine(mounted.source)} (${printableLine(mounted.type)})`
    : 'nothing is mounted there';
  return {
    check: 'nfs-mounted',
    where,
    status: state === undefined ? 'unknown' : judged(right && answers),
    title: `${mount.path} is mounted from ${mount.server}`,
    expected: `${source}, answering`,
    seen: mounted && !answers ? `${what}, ${trouble(outcome)}` : triggered ? 'mounted when it was asked' : what,
    look: `findmnt ${quote(mount.path)} && timeout ${patience} stat -f ${quote(mount.path)}`,
  };
}

function trouble(outcome: Outcome | undefined): string {
  if (outcome?.late) return `which does not answer within ${patience} seconds`;
  return `which does not answer: ${printableLine(outcome?.said ?? '') || 'it was not asked'}`;
}
