import type { Contender } from '../contender.ts';
import { inNetwork } from '../network.ts';
import { unmanaged } from '../hosts.ts';

/** Plain `ssh host true` to every host at once: what it costs to log in and do nothing. */
export const floor: Contender = {
  name: 'ssh host true',
  field: 'lvsctl',
  runs: 5,
  command({ lab }) {
    const hosts = lab.hosts.map(({ name }) => name).filter((name) => name !== unmanaged);
    return { argv: inNetwork(lab, ['sh', '-c', atOnce, 'sh', lab.layout.sshConfig, ...hosts]) };
  },
  objection: ({ code }) => (code === 0 ? undefined : 'a host could not be logged in to'),
};

const atOnce = `
configuration=$1
shift
for host; do ssh -F "$configuration" -o BatchMode=yes "$host" true & started="$started $!"; done
for process in $started; do wait "$process" || failed=1; done
exit "\${failed:-0}"
`;
