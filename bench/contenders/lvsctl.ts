import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../../src/lab/index.ts';
import type { Command, Contender, Site } from '../contender.ts';
import { unmanaged } from '../hosts.ts';
import { toggle } from './toggle.ts';
import { inNetwork } from '../network.ts';

/** The inventory that is deployed: one page, DR, two directors, three web servers, one NFS host, one probe. */
export const inventory = fileURLToPath(new URL('../../inventories/dr.yaml', import.meta.url));

/** The program as users have it, compiled. */
export const program = [process.execPath, fileURLToPath(new URL('../../dist/main.js', import.meta.url))];

/** `lvsctl apply` of blank hosts, its verification included. */
export const apply: Contender = {
  name: 'lvsctl apply',
  field: 'lvsctl',
  runs: 5,
  command: (site) => lvsctl(site, ['apply', '--yes']),
  objection: ({ code }) => (code === 0 ? undefined : `exit code ${code}`),
};

/**
 * `lvsctl plan` of hosts on which there is nothing to do, the same six that Ansible's inventory has: the seventh of ours only
 * sends requests when a deployment is verified.
 */
export const plan: Contender = {
  name: 'lvsctl plan',
  field: 'lvsctl',
  runs: 5,
  command: (site) => lvsctl(site, ['plan', '--exit-code', '--limit', `!${unmanaged}`]),
  objection({ code }) {
    if (code === 2) return 'there was something to change';
    return code === 0 ? undefined : `exit code ${code}`;
  },
};

/** `lvsctl apply` of an inventory in which the scheduler is another one each time, which proves the cluster again. */
export const applyChange: Contender = {
  ...apply,
  name: 'lvsctl apply, verified',
  command({ lab }) {
    const changing = join(lab.folder, basename(inventory));
    const script = `[ -e "$1" ] || cp "$2" "$1"; ${toggle('scheduler: ', 'wrr', 'wlc')} "$1"; shift 2; exec "$@"`;
    const words = [...program, 'apply', '--yes', '-i', changing];
    return {
      argv: inNetwork(lab, ['sh', '-c', script, 'sh', changing, inventory, ...words]),
      environment: environment(lab),
    };
  },
  objection(outcome) {
    return outcome.output.includes('No changes') ? 'there was nothing to change' : apply.objection(outcome);
  },
};

/** A command of lvsctl in the network of a lab. */
export function lvsctl({ lab }: Site, words: readonly string[], file = inventory): Command {
  return { argv: inNetwork(lab, [...program, ...words, '-i', file]), environment: environment(lab) };
}
