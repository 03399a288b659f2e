import type { NfsMount } from '../../inventory/cluster.ts';
import type { MountState } from '../../resources/mount.ts';
import { ref } from '../../resources/resource.ts';
import { isAutomount } from '../../inventory/nfs.ts';
import { nfsSource } from '../../roles/nfs-client.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { judged } from '../scope.ts';

/** Seconds for one file system to answer. All are asked at once. */
const patience = 10;

/** Each client has each of its folders from the right server, and the server answers. */
export const nfsMounted: Check = {
  name: 'nfs-mounted',
  why: 'Without the mount a web server serves the empty folder underneath; a server that hangs takes its clients with it.',

  section(round, where, { cluster, nonce }) {
    const mounts = cluster.mounts.filter(({ hosts }) => hosts.includes(where));
    if (round !== 'before' || mounts.length === 0) return undefined;
    return {
      sh: [
        `ask() {
  said=$(timeout -k 2 ${patience} stat -f -c %T -- "$2" 2>&1)
  printf '\\n${nonce} mount %s %s %.300s\\n' "$1" $? "$said"
}`,
        ...mounts.map(({ path }, index) => `ask ${index} ${quote(path)} &`),
        'wait',
      ].join('\n'),
    };
  },

  judge: (evidence) =>
    [...evidence.observations.keys()].flatMap((where) => {
      const answer = evidence.answer('before', where, 'nfs-mounted');
      if (!answer) return [];
      return evidence.cluster.mounts
        .filter(({ hosts }) => hosts.includes(where))
        .map((mount, index) => {
          const [, code = '', said = ''] =
            new RegExp(`^${evidence.nonce} mount ${index} (\\d+) (.*)$`, 'm').exec(answer.output) ?? [];
          return judgeMount(evidence, where, mount, { code, said });
        });
    }),
};

function judgeMount(
  { cluster, observations }: Evidence,
  where: string,
  mount: NfsMount,
  reply: { readonly code: string; readonly said: string },
): Finding {
  const state = observations.get(where)?.states.get(ref('mount', mount.path)) as MountState | undefined;
  const client = cluster.hosts.find(({ name }) => name === where);
  const source = client === undefined ? mount.server : nfsSource(cluster, mount, client);
  const mounted = state?.mounted;
  // What waits was seen before it was asked; asking has it mounted.
  const triggered = isAutomount(mount) && mounted?.type === 'autofs' && reply.said === 'nfs';
  const right = triggered || (mounted?.source === source && mounted.type.startsWith('nfs'));
  const what = mounted
    ? `${printableLine(mounted.source)} (${printableLine(mounted.type)})`
    : 'nothing is mounted there';
  return {
    check: 'nfs-mounted',
    where,
    status: state === undefined ? 'unknown' : judged(right && reply.code === '0'),
    title: `${mount.path} is mounted from ${mount.server}`,
    expected: `${source}, answering`,
    seen: mounted && reply.code !== '0' ? `${what}, ${trouble(reply)}` : triggered ? 'mounted when it was asked' : what,
    look: `findmnt ${quote(mount.path)} && timeout ${patience} stat -f ${quote(mount.path)}`,
  };
}

function trouble({ code, said }: { readonly code: string; readonly said: string }): string {
  if (code === '124' || code === '137') return `which does not answer within ${patience} seconds`;
  return `which does not answer: ${printableLine(said) || 'it was not asked'}`;
}
