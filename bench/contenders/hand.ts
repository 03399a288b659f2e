import type { Contender } from '../contender.ts';
import { onEach } from './ssh.ts';

/**
 * The packages of every host and the start of its services, typed in by hand as one command a host, on all hosts at once: what
 * nobody who deploys can save. It ends with the slowest host; there is no configuration, no mount and no VIP in it.
 */
export const packagesByHand: Contender = {
  name: 'packages and services by hand',
  field: 'by hand',
  runs: 5,
  command({ lab }) {
    return onEach(lab, byHand);
  },
  objection: ({ code }) => (code === 0 ? undefined : 'a host refused'),
};

const byHand = new Map([
  ...['lb1', 'lb2'].map((host) => [host, install('keepalived ipvsadm', 'keepalived')] as const),
  ...['web1', 'web2', 'web3'].map((host) => [host, install('nginx nfs-common', 'nginx')] as const),
  ['nas1', install('nfs-kernel-server', 'nfs-server')],
]);

function install(packages: string, unit: string): string {
  return [
    'export DEBIAN_FRONTEND=noninteractive',
    'apt-get update -qq',
    `apt-get install -qq --yes --no-install-recommends ${packages}`,
    `systemctl enable --now ${unit}`,
  ].join(' && ');
}
