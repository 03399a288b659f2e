import type { Contender } from '../contender.ts';
import { inNetwork } from '../network.ts';

/**
 * The packages of every host and the start of its services, typed in by hand as one command a host, on all hosts at once: what
 * nobody who deploys can save. It ends with the slowest host; there is no configuration, no mount and no VIP in it.
 */
export const packagesByHand: Contender = {
  name: 'packages and services by hand',
  field: 'by hand',
  runs: 3,
  command({ lab }) {
    return { argv: inNetwork(lab, ['sh', '-c', atOnce, 'sh', lab.layout.sshConfig]) };
  },
  objection: ({ code }) => (code === 0 ? undefined : 'a host refused'),
};

const atOnce = `
on() {
  host=$1
  shift
  ssh -F "$configuration" -o BatchMode=yes "$host" "export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -qq --yes --no-install-recommends $1 && systemctl enable --now $2" &
  started="$started $!"
}
configuration=$1
for host in lb1 lb2; do on "$host" 'keepalived ipvsadm' keepalived; done
for host in web1 web2 web3; do on "$host" 'nginx nfs-common' nginx; done
on nas1 nfs-kernel-server nfs-server
for process in $started; do wait "$process" || failed=1; done
exit "\${failed:-0}"
`;
