import type { NfsMount } from '../../inventory/cluster.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, CheckContext, Evidence, Finding } from '../check.ts';
import { mayWrite, wake } from '../nfs.ts';
import { judged } from '../scope.ts';
import { lateText, readTrial, tryAll } from '../trial.ts';

const prefix = '.lvsctl-verify-';

/**
 * What is on the server is read by a client that may not write as root: a file that the server puts there, the client reads, and
 * the server removes.
 */
export const nfsReadable: Check = {
  name: 'nfs-readable',
  severity: 'critical',
  proves: 'where a client may not write, it reads what the server has',
  why: 'A stale handle, or a folder of another server under the same name, shows when a file is read, not at the mount.',
  runs: "each such client: a small file of the server's, read through the mount",
  reads: '`read`',
  mend: '`Stale file handle`: mount anew; another content: the mount is of another server',

  section(round, where, context) {
    const served = folders(context).filter(({ mount }) => mount.server === where);
    const own = trials(context).filter(({ client }) => client === where);
    switch (round) {
      case 'before':
        return served.length === 0 ? undefined : { sh: put(served, context) };
      case 'during':
        return own.length === 0 ? undefined : { sh: read(own, context) };
      case 'after':
        return served.length === 0 ? undefined : { sh: remove(served) };
    }
  },

  judge: (evidence) =>
    trials(evidence).flatMap((trial) => {
      const answer = evidence.answer('during', trial.client, 'nfs-readable');
      return answer ? [judgeTrial(evidence, trial, answer.output)] : [];
    }),
};

/** One file that a client reads from one mount. */
interface Trial {
  /** Counted over the whole cluster. */
  readonly number: number;
  readonly client: string;
  readonly mount: NfsMount;
  /** Name of the file, the same for all clients of the folder. */
  readonly file: string;
}

function trials({ cluster, nonce }: CheckContext): Trial[] {
  return cluster.mounts
    .flatMap((mount) => mount.hosts.map((client) => ({ mount, client })))
    .filter(({ mount, client }) => !mayWrite(cluster, mount, client))
    .map((pair, number) => ({ ...pair, number, file: `${prefix}${nonce}-read` }));
}

/** Each exported folder once. */
function folders(context: CheckContext): Trial[] {
  return [...new Map(trials(context).map((one) => [`${one.mount.server}:${one.mount.export}`, one])).values()];
}

function put(served: readonly Trial[], { nonce }: CheckContext): string {
  return served
    .map(({ mount, file }) => {
      const path = quote(`${mount.export}/${file}`);
      return `{ printf '%s\\n' '${nonce}' >${path} && chmod 0644 ${path}; } 2>&1`;
    })
    .join('\n');
}

function read(own: readonly Trial[], { nonce }: CheckContext): string {
  const tried = own.map(({ number, mount, file }) => ({
    number,
    argument: `${mount.path}/${file}`,
    first: wake(mount),
  }));
  return tryAll(nonce, 'read', 'head -n 1 -- "$2"', tried);
}

function remove(served: readonly Trial[]): string {
  return served
    .flatMap(({ mount, file }) => [
      `rm -f -- ${quote(`${mount.export}/${file}`)}`,
      `find ${quote(mount.export)} -maxdepth 1 -type f -name '${prefix}*' -mmin +60 -exec rm -f -- {} + 2>/dev/null`,
    ])
    .join('\n');
}

function judgeTrial(evidence: Evidence, { number, client, mount, file }: Trial, output: string): Finding {
  const outcome = readTrial(output, evidence.nonce, 'read', number);
  const said = outcome?.said ?? '';
  const asked = evidence.answer('before', mount.server, 'nfs-readable') !== undefined;
  const same = outcome?.exit === 0 && said === evidence.nonce;
  // Whoever root is squashed to may not be let into the folder, while others are.
  const refused = /permission denied/i.test(said);
  return {
    check: 'nfs-readable',
    where: client,
    status: !asked || outcome === undefined || refused ? 'unknown' : judged(same),
    title: `${client} reads from ${mount.path} what is on ${mount.server}`,
    expected: `a file of ${mount.server} in ${mount.export}`,
    seen: same
      ? 'read'
      : !asked
        ? `${mount.server} could not be asked to put it there`
        : outcome?.late
          ? lateText
          : printableLine(said) || 'nothing was read',
    look: `ls ${quote(mount.path)} ${quote(`${mount.path}/${file}`)}`,
  };
}
