import { movables } from './hand-over.ts';
import { checksOf } from '../inventory/check-of.ts';
import type { CheckKind, Cluster, Tracker } from '../inventory/cluster.ts';
import type { Path } from '../inventory/yaml/places.ts';
import { watchers } from './watchers.ts';

/** Something that keepalived has had from a version on. */
export interface Feature {
  /** As the inventory calls it. */
  readonly name: string;
  /** The keyword of keepalived.conf(5). */
  readonly keyword: string;
  /** The first version with it. */
  readonly since: string;
  /** Where a cluster uses it, as paths of the inventory. */
  readonly used: (cluster: Cluster) => Path[];
}

/**
 * The features that not every keepalived in use has (CentOS 7 has 1.3.5), from keepalived's ChangeLog and release notes. What
 * every configuration of lvsctl holds, script_user and enable_script_security, is of 1.3.0.
 */
const features: readonly Feature[] = [
  {
    name: 'planned switch-over, which "switchOver: false" does without',
    keyword: 'track_file',
    since: '2.0.0',
    used: (cluster) => (movables(cluster).length > 0 ? [['rollout', 'switchOver']] : []),
  },
  {
    name: 'trackers of files',
    keyword: 'track_file',
    since: '2.0.0',
    used: (cluster) => trackers(cluster, ({ type }) => type === 'file'),
  },
  {
    name: 'trackers of a sync group',
    keyword: 'track_script in vrrp_sync_group',
    since: '2.0.0',
    used: ({ syncGroups }) =>
      syncGroups.filter((group) => group.trackers.length > 0).map(({ name }) => ['syncGroups', name, 'track']),
  },
  {
    name: 'trackers of processes',
    keyword: 'track_process',
    since: '2.0.11',
    used: (cluster) => trackers(cluster, ({ type }) => type === 'process'),
  },
  {
    name: 'trackers by BFD',
    keyword: 'track_bfd',
    since: '2.0.0',
    used: (cluster) => trackers(cluster, ({ type }) => type === 'bfd'),
  },
  {
    name: 'startupDelay',
    keyword: 'vrrp_startup_delay',
    since: '2.0.14',
    used: ({ keepalived }) => (keepalived.startupDelay === undefined ? [] : [['keepalived', 'startupDelay']]),
  },
  {
    name: 'downTimerAdverts',
    keyword: 'down_timer_adverts',
    since: '2.2.3',
    used: ({ vrrp }) =>
      vrrp
        .filter(({ downTimerAdverts }) => downTimerAdverts !== undefined)
        .map(({ name }) => ['vrrp', name, 'downTimerAdverts']),
  },
  {
    name: 'tunnels by gre and gue',
    keyword: 'lvs_method TUN type',
    since: '2.0.18',
    used: ({ services }) =>
      services
        .filter(({ forwarding }) => forwarding.mode === 'TUN' && forwarding.tunnel.type !== 'ipip')
        .map(({ name }) => ['services', name, 'tunnel']),
  },
  {
    name: 'flags of the scheduler mh',
    keyword: 'mh-port',
    since: '2.0.20',
    used: ({ services }) =>
      services
        .filter(({ schedulerFlags }) => schedulerFlags.some((flag) => flag.startsWith('mh-')))
        .map(({ name }) => ['services', name, 'schedulerFlags']),
  },
  {
    name: 'flushOnStop',
    keyword: 'lvs_flush_on_stop',
    since: '2.0.15',
    used: ({ ipvs }) => (ipvs.flushOnStop ? [['ipvs', 'flushOnStop']] : []),
  },
  checks(
    'checks by several statuses',
    'status_code with ranges',
    '2.0.17',
    (kind) =>
      (kind.type === 'http' || kind.type === 'https') &&
      (kind.status.length > 1 || kind.status.some(({ first, last }) => first !== last)),
  ),
  checks('checks by BFD', 'BFD_CHECK', '2.0.0', ({ type }) => type === 'bfd'),
  checks('checks by file', 'FILE_CHECK', '2.1.0', ({ type }) => type === 'file'),
  checks('checks by ping', 'PING_CHECK', '2.1.0', ({ type }) => type === 'ping'),
  checks('checks by UDP', 'UDP_CHECK', '2.1.0', ({ type }) => type === 'udp'),
  checks(
    'checks by a regular expression',
    'regex',
    '2.0.7',
    (kind) => (kind.type === 'http' || kind.type === 'https') && kind.regex !== undefined,
  ),
];

/** A feature at one place of the inventory. */
export interface Need {
  readonly feature: Feature;
  readonly path: Path;
}

/** Every use of a feature that not every keepalived has. */
export function needsOf(cluster: Cluster): Need[] {
  return features.flatMap((feature) => feature.used(cluster).map((path) => ({ feature, path })));
}

/** Whether a version is as new as another; what a package adds, `1:2.2.7-1+b2`, does not count. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [numbers(version), numbers(wanted)];
  for (const [n, least] of want.entries()) {
    const own = have[n] ?? 0;
    if (own !== least) return own > least;
  }
  return true;
}

/** Upstream's own version in that of a package: without the epoch and the revision. */
export function upstream(version: string): string {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? version;
}

function numbers(version: string): number[] {
  return upstream(version).split('.').map(Number);
}

function trackers(cluster: Cluster, wanted: (tracker: Tracker) => boolean): Path[] {
  return watchers(cluster).flatMap(({ path, trackers: own }) =>
    own.flatMap((tracker, n) => (wanted(tracker) ? [[...path, 'track', n]] : [])),
  );
}

function checks(name: string, keyword: string, since: string, wanted: (kind: CheckKind) => boolean): Feature {
  return {
    name,
    keyword,
    since,
    used: ({ services }) =>
      services
        .filter((service) =>
          service.realServers.some((server) => checksOf(service, server).some(({ kind }) => wanted(kind))),
        )
        .map((service) => ['services', service.name, 'check']),
  };
}
