import type { Upstream } from '../cluster.ts';
import { meeting } from '../meeting.ts';
import { problemAt } from '../problem.ts';
import type { Path } from '../yaml/places.ts';
import { hostsByName, type Rule } from './rule.ts';

/** A proxy and the servers behind it have addresses of one family, and none is its own server. */
export const upstreamReachable: Rule = {
  name: 'upstream-reachable',
  why: 'a proxy cannot reach a server without an address of its family, and one that asks itself goes round in a circle',
  check(cluster, place) {
    const hosts = hostsByName(cluster);
    const proxies: { what: string; on: readonly string[]; port: number; servers: readonly Upstream[]; path: Path }[] = [
      ...cluster.sites.map(({ name, hosts: on, port, proxy }) => ({
        what: `the site ${name}`,
        ...{ on, port },
        servers: proxy?.upstreams ?? [],
        path: ['nginx', name, 'proxy', 'upstreams'],
      })),
      ...(cluster.haproxy?.listeners ?? []).map(({ name, servers }) => ({
        what: `HAProxy's ${name}`,
        on: cluster.haproxy?.hosts ?? [],
        port: 0,
        servers,
        path: ['haproxy', 'listeners', name, 'servers'],
      })),
    ];
    return proxies.flatMap(({ what, on, port, servers, path }) =>
      servers.flatMap((server, n) => {
        const to = hosts.get(server.host);
        const apart = on.filter((name) => {
          const from = hosts.get(name);
          return to === undefined || from === undefined || meeting(from, to) === undefined;
        });
        const at = place([...path, n]);
        if (apart.length > 0) {
          const message = `${server.host} and ${apart.join(', ')} of ${what} have no address of one family`;
          return [problemAt(at, this.name, message, 'give one of them an address6:, or an IPv4 address')];
        }
        if (on.includes(server.host) && server.port === port)
          return [
            problemAt(
              at,
              this.name,
              `${what} on ${server.host} passes on to itself`,
              'name other hosts, or another port',
            ),
          ];
        return [];
      }),
    );
  },
};
