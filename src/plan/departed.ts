import type { Cluster } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import type { FileState } from '../resources/file.ts';
import { ref } from '../resources/resource.ts';
import { keepalivedConfiguration } from '../roles/director.ts';

/** A real server of before that the inventory does not have any more. */
export interface Departed {
  /** Its name in the configuration that is replaced; undefined: there is none. */
  readonly name: string | undefined;
  readonly address: string;
}

/** As templates/keepalived/virtual-server.hbs writes it: the name of the host is the comment before. */
const realServer = /(?:^\s*# ([A-Za-z0-9][A-Za-z0-9._-]*)(?:, drained)?\n)?^\s*real_server ([0-9A-Fa-f.:]+) \d+/gm;

/**
 * The real servers in a keepalived.conf of lvsctl's, about to be replaced, that no host of the inventory is: by now lvsctl does not
 * log in to them any more, and what it put there stays. In the order in which they are found.
 */
export function departedHosts(cluster: Cluster, observations: ReadonlyMap<string, Observation>): Departed[] {
  const conf = ref('file', keepalivedConfiguration);
  const known = new Set(cluster.hosts.flatMap(({ name, addresses }) => [name, ...addresses.map((one) => one.address)]));
  const found = new Map<string, Departed>();
  for (const director of cluster.directors) {
    const observation = observations.get(director);
    const state = observation?.states.get(conf) as FileState | undefined;
    if (observation?.manifest.has(conf) !== true || state?.state !== 'file') continue;
    for (const [, name, address = ''] of (state.content ?? '').matchAll(realServer)) {
      if (!known.has(address) && !(name !== undefined && known.has(name))) found.set(address, { name, address });
    }
  }
  return [...found.values()];
}
