import type { NfsMount } from '../../inventory/cluster.ts';
import { mayWrite, wake } from '../nfs.ts';
import { exportOf } from '../../inventory/nfs.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Answer } from '../../observe/frame.ts';
import type { Check, CheckContext, Evidence, Finding } from '../check.ts';
import { judged } from '../scope.ts';
import { inTime, lateText, readTrial, tryAll, type Outcome } from '../trial.ts';

/**
 * What a client writes is on the server: written and read back on the client, read on the server, then removed by both, so
 * that it goes also when one of them is lost on the way. Should both be lost, a later verification removes what it finds
 * of an hour before. Only where root may write: rw and no_root_squash.
 */
export const nfsWritable: Check = {
  name: 'nfs-writable',
  severity: 'critical',
  proves: 'what a client writes is on the server',
  why: 'A stale handle, a full disk or a client that is missing in the exports shows at the first write, not at the mount.',
  runs: 'each client that may write: a small file, read on the server, and removed',
  reads: '`written and read back`',
  mend: '`Stale file handle`: mount anew. `Read-only` or `Permission denied`: the options of the export. No answer: after a start of its server version 4 keeps writers waiting for a grace period, 90 seconds unless nfs.conf(5) says otherwise',

  section(round, where, context) {
    const own = trials(context).filter(({ client }) => client === where);
    const served = trials(context).filter(({ mount }) => mount.server === where);
    if (round === 'before') return own.length === 0 ? undefined : { sh: write(own, context) };
    if (round === 'during') return served.length === 0 ? undefined : { sh: read(served, context) };
    const sh = [
      ...(own.length === 0 ? [] : [removeAsClient(own)]),
      ...(served.length === 0 ? [] : [removeAsServer(served)]),
    ];
    return sh.length === 0 ? undefined : { sh: sh.join('\n') };
  },

  judge: (evidence) =>
    trials(evidence).flatMap((trial) => {
      const written = evidence.answer('before', trial.client, 'nfs-writable');
      return written ? [judgeTrial(evidence, trial, written)] : [];
    }),
};

/** One file of one client on one mount. */
interface Trial {
  /** Counted over the whole cluster. */
  readonly number: number;
  readonly client: string;
  readonly mount: NfsMount;
  /** Where the client writes it, and where it is then on the server. */
  readonly path: string;
  readonly serverPath: string;
}

function trials({ cluster, nonce }: Pick<CheckContext, 'cluster' | 'nonce'>): Trial[] {
  const pairs = cluster.mounts.flatMap((mount) => mount.hosts.map((client) => ({ mount, client })));
  return pairs
    .filter(({ mount, client }) => mayWrite(cluster, mount, client))
    .map(({ mount, client }, number) => {
      const name = `${prefix}${nonce}-${number}`;
      return { number, client, mount, path: `${mount.path}/${name}`, serverPath: `${mount.export}/${name}` };
    });
}

const prefix = '.lvsctl-verify-';

/** The content of each file tells the server's reader which it is: the trial's number and the nonce. */
function write(own: readonly Trial[], { nonce }: CheckContext): string {
  // The shell that opens the file is the one that hangs when the server does: `timeout` has to be around it.
  const trial = `printf '%s\\n' "$2" >"$1" && read -r back <"$1" && [ "$back" = "$2" ] && echo same`;
  const tried = own.map(({ number, path, mount }) => ({
    number,
    argument: path,
    // Only into what is mounted: a file in the folder underneath would prove nothing and stay there unseen.
    first: `${wake(mount)}grep -qF ${quote(` ${mount.path} nfs`)} /proc/self/mounts && `,
  }));
  return tryAll(nonce, 'wrote', `sh -c ${quote(trial)} sh "$2" "$1 ${nonce}"`, tried);
}

function read(served: readonly Trial[], { nonce }: CheckContext): string {
  return served
    .map(
      ({ number, serverPath }) =>
        `line=missing; [ ! -f ${quote(serverPath)} ] || read -r line <${quote(serverPath)}; printf '\\n${nonce} read ${number} %.200s\\n' "$line"`,
    )
    .join('\n');
}

function removeAsClient(own: readonly Trial[]): string {
  return [...own.map(({ path }) => `${inTime} rm -f -- ${quote(path)} 2>/dev/null &`), 'wait'].join('\n');
}

function removeAsServer(served: readonly Trial[]): string {
  const folders = [...new Set(served.map(({ mount }) => mount.export))];
  return [
    `rm -f -- ${served.map(({ serverPath }) => quote(serverPath)).join(' ')}`,
    `find ${folders.map(quote).join(' ')} -maxdepth 1 -type f -name '${prefix}*' -mmin +60 -exec rm -f -- {} + 2>/dev/null`,
  ].join('\n');
}

function judgeTrial(evidence: Evidence, trial: Trial, written: Answer): Finding {
  const { nonce, cluster } = evidence;
  const { number, client, mount } = trial;
  const outcome = readTrial(written.output, nonce, 'wrote', number);
  const onServer = evidence.answer('during', mount.server, 'nfs-writable');
  const [, line] = new RegExp(`^${nonce} read ${number} (.*)$`, 'm').exec(onServer?.output ?? '') ?? [];
  const wrote = outcome?.exit === 0 && outcome.said === 'same';
  const arrived = line === `${number} ${nonce}`;
  const source = exportOf(cluster, mount.server, mount.export);
  return {
    check: 'nfs-writable',
    where: client,
    status: wrote && onServer === undefined ? 'unknown' : judged(wrote && arrived),
    title: `${client} writes to ${mount.path}, and it is on ${mount.server}`,
    expected: `a file written on ${client} and read on ${mount.server} in ${mount.export}`,
    seen: seen({ outcome, wrote, arrived, server: mount.server, asked: onServer !== undefined, line }),
    look: `findmnt ${quote(mount.path)}; touch ${quote(`${mount.path}/x`)} && rm ${quote(`${mount.path}/x`)}; on ${mount.server}: exportfs -s | grep ${quote(source?.path ?? mount.export)}`,
  };
}

function seen(trial: {
  readonly outcome: Outcome | undefined;
  readonly wrote: boolean;
  readonly arrived: boolean;
  readonly server: string;
  readonly asked: boolean;
  readonly line: string | undefined;
}): string {
  const { outcome } = trial;
  if (outcome === undefined) return 'nothing is mounted there by NFS, so that nothing was written';
  if (outcome.late) return lateText;
  if (!trial.wrote) return `writing failed: ${printableLine(outcome.said) || `exit code ${outcome.exit}`}`;
  if (!trial.asked) return `written and read back; ${trial.server} could not be asked`;
  if (trial.arrived) return 'written, read back, and read on the server';
  return `written and read back, but on ${trial.server}: ${printableLine(trial.line ?? 'not looked for')}`;
}
