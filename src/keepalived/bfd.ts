import { createHash } from 'node:crypto';
import { checksOf } from '../inventory/check-of.ts';
import type { BfdSettings, Cluster, Host } from '../inventory/cluster.ts';
import { inNetwork } from '../inventory/address.ts';
import type { Path } from '../inventory/yaml/places.ts';
import type { RoleContext } from '../roles/role.ts';
import { part } from './part.ts';
import { watchers } from './watchers.ts';

/** A BFD session that a director has to have, and where the inventory wishes for it. */
export interface BfdSession {
  readonly neighbor: string;
  readonly settings: BfdSettings;
  /** As the cluster knows it. */
  readonly path: Path;
}

/** UDP port of single-hop BFD, RFC 5881. */
export const bfdPort = 3784;

/** Characters that the name of a bfd_instance may have: BFD_INAME_MAX of keepalived. */
const longestName = 31;

/** Every wish for a session of a director: those of trackers, then those of checks. Several may be with one neighbor. */
export function sessionsOf(cluster: Cluster, director: string): BfdSession[] {
  const tracked = watchers(cluster).flatMap(({ path, trackers }) =>
    trackers.flatMap((tracker, n) => {
      const neighbor = tracker.type === 'bfd' ? tracker.neighbors[director] : undefined;
      return tracker.type === 'bfd' && neighbor !== undefined
        ? [{ neighbor, settings: tracker.settings, path: [...path, 'track', n, 'bfd'] }]
        : [];
    }),
  );
  const checked = cluster.services.flatMap((service) =>
    service.realServers.flatMap((server) =>
      checksOf(service, server).flatMap(({ kind }) =>
        kind.type === 'bfd'
          ? [{ neighbor: server.address, settings: kind.settings, path: ['services', service.name, 'check'] }]
          : [],
      ),
    ),
  );
  return [...tracked, ...checked];
}

/** The name of the session with a neighbor, `bfd_10_77_0_1`. */
export function sessionName(neighbor: string): string {
  const name = `bfd_${neighbor.replace(/[.:]/g, '_')}`;
  if (name.length <= longestName) return name;
  return `bfd_${createHash('sha256').update(neighbor).digest('hex').slice(0, 16)}`;
}

/** The address of a host that a neighbor sees it by: the one in its network, else the first of its family; undefined: none. */
export function sourceFor({ addresses }: Host, neighbor: string): string | undefined {
  const near = addresses.find((own) => inNetwork(neighbor, own));
  return (near ?? addresses.find(({ family }) => (family === 6) === neighbor.includes(':')))?.address;
}

/** The `bfd_instance` blocks of a director, keepalived.conf(5), one for each neighbor. */
export function bfdInstances(context: RoleContext): string[] {
  const { cluster, host } = context;
  const sessions = new Map(sessionsOf(cluster, host.name).map((session) => [session.neighbor, session]));
  return [...sessions.values()].map(({ neighbor, settings }) =>
    part(context, 'bfd-instance', {
      ...settings,
      name: sessionName(neighbor),
      neighbor,
      source: sourceFor(host, neighbor),
    }),
  );
}

/**
 * sh around a test of a configuration that has BFD sessions: a keepalived that was built without them (`--enable-bfd` of its
 * configure; `keepalived -v` lists what it has) would only say that it does not know the word.
 *
 * @param test lines of sh that are true when the configuration is sound
 */
export function withBfd(test: string): string {
  return [
    "if ! keepalived -v 2>&1 | grep -q '^Config options:.* BFD'; then",
    '  echo "this keepalived was built without BFD (--enable-bfd), and trackers or checks of the inventory use it"',
    '  false',
    'else',
    test,
    'fi',
  ].join('\n');
}
