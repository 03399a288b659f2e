import type { Cluster, Haproxy } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import type { Path } from '../yaml/places.ts';
import type { Rule } from './rule.ts';

/** A program that listens on a port of a host. */
interface Listening {
  readonly what: string;
  readonly hosts: readonly string[];
  /** Undefined: on all addresses. */
  readonly address: string | undefined;
  readonly port: number;
  readonly path: Path;
}

/** HAProxy, its statistics and nginx do not want one port of one host. Sites among themselves are another rule's. */
export const portTaken: Rule = {
  name: 'port-taken',
  why: 'the program that starts second fails, and with it what it serves',
  check(cluster, place) {
    const sites = sitesOf(cluster);
    const own = cluster.haproxy === undefined ? [] : ofHaproxy(cluster.haproxy);
    return own.flatMap((one, n) => {
      for (const other of [...sites, ...own.slice(0, n)]) {
        const host = one.hosts.find((name) => other.hosts.includes(name));
        const meets = one.address === undefined || other.address === undefined || one.address === other.address;
        if (host === undefined || one.port !== other.port || !meets) continue;
        const message = `${one.what} and ${other.what} both listen on port ${one.port} of ${host}`;
        return [problemAt(place(one.path), this.name, message, 'give one of them another port:, or hosts of its own')];
      }
      return [];
    });
  },
};

function sitesOf({ sites }: Cluster): Listening[] {
  return sites.map(({ name, hosts, port }) => ({
    what: `the site ${name}`,
    hosts,
    address: undefined,
    port,
    path: ['nginx', name, 'port'],
  }));
}

function ofHaproxy({ hosts, listeners, stats }: Haproxy): Listening[] {
  const page = stats && {
    what: "HAProxy's statistics",
    hosts,
    address: undefined,
    port: stats.port,
    path: ['haproxy', 'stats', 'port'],
  };
  const own = listeners.map(({ name, vip, port }) => ({
    what: `HAProxy's ${name}`,
    hosts,
    address: vip,
    port,
    path: ['haproxy', 'listeners', name, 'port'],
  }));
  return [...own, ...(page === undefined ? [] : [page])];
}
