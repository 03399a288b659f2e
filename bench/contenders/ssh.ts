import type { Lab } from '../../src/lab/index.ts';
import type { Command, Contender } from '../contender.ts';
import { inNetwork } from '../network.ts';
import { unmanaged } from '../hosts.ts';

/** Plain `ssh host true` to every host at once: what it costs to log in and do nothing. */
export const floor: Contender = {
  name: 'ssh host true',
  field: 'lvsctl',
  runs: 5,
  command({ lab }) {
    const hosts = lab.hosts.map(({ name }) => name).filter((name) => name !== unmanaged);
    return onEach(lab, new Map(hosts.map((host) => [host, 'true'])));
  },
  objection: ({ code }) => (code === 0 ? undefined : 'a host could not be logged in to'),
};

/** One ssh(1) for each host, all at once, each with the line of sh that is its own. It fails when one does. */
export function onEach(lab: Lab, lines: ReadonlyMap<string, string>): Command {
  return { argv: inNetwork(lab, ['sh', '-c', atOnce, 'sh', lab.layout.sshConfig, ...[...lines].flat()]) };
}

const atOnce = `
configuration=$1
shift
while [ $# -gt 0 ]; do
  ssh -F "$configuration" -o BatchMode=yes "$1" "$2" &
  started="$started $!"
  shift 2
done
for process in $started; do wait "$process" || failed=1; done
exit "\${failed:-0}"
`;
