import type { Cluster, Host } from '../../inventory/cluster.ts';
import { isAutomount } from '../../inventory/nfs.ts';
import { platforms } from '../../platform/index.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, Finding } from '../check.ts';
import { judged, observed } from '../scope.ts';

/** At boot, services start after what they need: the network, and the folders that they serve. */
export const bootOrder: Check = {
  name: 'boot-order',
  severity: 'warning',
  proves: 'at boot, keepalived and HAProxy start after the network, and nginx after the folders that it serves',
  why: 'keepalived that starts before its NIC has an address goes to FAULT or takes the VIPs beside the master; nginx before its mount serves an empty folder.',
  runs: 'each director, each host with HAProxy, and each with a site in a mounted folder: `systemctl show -p After` for the unit',
  reads: '`network-online.target`, or `remote-fs.target`, is among the units that it comes after',
  mend: "a unit of your own below /etc/systemd/system takes the place of the distribution's (`systemctl cat UNIT`): remove it, or add `After=` and `Wants=` by a drop-in",

  section(round, where, { cluster }) {
    const wishes = wishesOf(cluster, where);
    if (round !== 'before' || wishes.length === 0) return undefined;
    const units = wishes.map(({ unit }) => quote(unit)).join(' ');
    return { sh: `command -v systemctl >/dev/null 2>&1 && systemctl show -p Id,LoadState,After -- ${units}` };
  },

  judge: (evidence) =>
    observed(
      evidence,
      evidence.cluster.hosts.map(({ name }) => name),
    ).flatMap((where) => {
      const blocks = evidence.answer('before', where, 'boot-order')?.output.trim().split(/\n\n+/) ?? [];
      return wishesOf(evidence.cluster, where).flatMap(({ unit, after, why }): Finding[] => {
        const block = blocks.find((one) => one.split('\n').includes(`Id=${unit}`));
        // A unit that is not there is a finding of services-active.
        if (!block?.split('\n').includes('LoadState=loaded')) return [];
        const order = /^After=(.*)$/m.exec(block)?.[1]?.split(' ') ?? [];
        const right = order.includes(after);
        return [
          {
            check: 'boot-order',
            where,
            status: judged(right),
            title: `${unit} starts after ${why}`,
            expected: `after ${after}`,
            seen: right ? 'so it does' : `it does not wait for ${after}`,
            look: `systemctl show -p After -- ${quote(unit)}`,
          },
        ];
      });
    }),
};

/** A unit that has to start after another. */
interface Wish {
  readonly unit: string;
  readonly after: string;
  /** For people. */
  readonly why: string;
}

function wishesOf(cluster: Cluster, where: string): Wish[] {
  const host = cluster.hosts.find(({ name }) => name === where);
  if (host === undefined) return [];
  const { units } = platforms[host.platform];
  const network = { after: 'network-online.target', why: 'the network' };
  const servesMounts = mountedRoots(cluster, host).length > 0;
  return [
    ...(cluster.directors.includes(where) ? [{ unit: units.keepalived, ...network }] : []),
    ...(cluster.haproxy?.hosts.includes(where) === true ? [{ unit: units.haproxy, ...network }] : []),
    ...(servesMounts ? [{ unit: units.nginx, after: 'remote-fs.target', why: 'the folders that it serves' }] : []),
  ];
}

/** Folders of sites that are in a mount of the host; one that is mounted when it is touched needs no order. */
function mountedRoots({ sites, mounts }: Cluster, { name }: Host): string[] {
  const paths = mounts.filter((one) => one.hosts.includes(name) && !isAutomount(one)).map(({ path }) => path);
  return sites
    .filter(({ hosts }) => hosts.includes(name))
    .flatMap(({ root }) => root ?? [])
    .filter((root) => paths.some((path) => root === path || root.startsWith(`${path}/`)));
}
