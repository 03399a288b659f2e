import type { Cluster, InventorySource, VerifySettings } from './cluster.ts';
import { resolveApps } from './resolve/apps.ts';
import type { Context } from './resolve/context.ts';
import { withBastions } from './resolve/bastions.ts';
import { withHaproxyTrackers } from './resolve/haproxy-trackers.ts';
import { resolveHaproxy } from './resolve/haproxy.ts';
import { resolveHosts } from './resolve/hosts.ts';
import { resolveIpvs } from './resolve/ipvs.ts';
import { withNatSyncGroups } from './resolve/nat-sync-groups.ts';
import { resolveServices } from './resolve/services.ts';
import { localFile } from './resolve/settings.ts';
import { resolveKeepalived } from './resolve/keepalived.ts';
import { resolveRollout } from './resolve/rollout.ts';
import { resolveSites } from './resolve/sites.ts';
import { resolveExports, resolveMounts, resolveNfsServer } from './resolve/storage.ts';
import { resolveSyncGroups } from './resolve/sync-groups.ts';
import type { TrackerScope } from './resolve/trackers.ts';
import { resolveVrrp } from './resolve/vrrp.ts';
import type { Written } from './schema.ts';

/**
 * Makes a cluster of what is written: ranges and groups expanded, references looked up, defaults filled in. What does not
 * resolve is reported to the context; the cluster is sound only if nothing was.
 */
export function resolve(written: Written, source: InventorySource, context: Context): Cluster {
  checkNames(written, context);
  const { hosts: resolved, groups } = resolveHosts(written, context);
  const hosts = withBastions(resolved);
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const directors = written.directors === undefined ? [] : context.select(written.directors, ['directors']);
  const services = resolveServices(written, byName, directors, context);
  if (services.length > 0 && written.directors === undefined) {
    context.report(
      'directors',
      ['services'],
      'there are services but no directors',
      'write directors: [lb1, lb2], the preferred master first',
    );
  }
  const chosen = directors.flatMap((name) => byName.get(name) ?? []);
  const trackers: TrackerScope = { names: new Map(), directors };
  const haproxy = resolveHaproxy(written.haproxy, directors, context);
  const vrrp = withHaproxyTrackers(resolveVrrp(written, services, chosen, trackers, context), haproxy);
  return {
    name: written.cluster,
    inventory: source,
    hosts,
    groups,
    directors,
    drained: [],
    drainedAsOf: 0,
    vrrp,
    keepalived: resolveKeepalived(written),
    syncGroups: withNatSyncGroups(resolveSyncGroups(written, trackers, context), vrrp, services),
    services,
    ipvs: resolveIpvs(written.ipvs, chosen, vrrp, context),
    sites: resolveSites(written, services, context),
    apps: resolveApps(written, context),
    haproxy,
    exports: resolveExports(written.storage ?? {}, context),
    mounts: resolveMounts(written.storage ?? {}, context),
    nfsServer: resolveNfsServer(written.storage ?? {}),
    rollout: resolveRollout(written),
    verify: resolveVerify(written.verify ?? {}, context),
    templates: resolveTemplates(written.templates, context),
  };
}

/** Names that every JavaScript object answers to would be found where nothing is. */
function checkNames(written: Written, context: Context): void {
  for (const section of ['groups', 'services', 'nginx', 'apps', 'vrrp', 'syncGroups'] as const) {
    for (const name of Object.keys(written[section] ?? {})) {
      const meant = name in {} || (section === 'groups' && ['all', 'operator', 'ungrouped'].includes(name));
      if (meant)
        context.report(
          'name',
          [section, name],
          `"${name}" has a meaning of its own and cannot be a name`,
          undefined,
          'key',
        );
    }
  }
}

function resolveVerify(
  { from = ['operator'], requests = 30 }: NonNullable<Written['verify']>,
  context: Context,
): VerifySettings {
  const path = ['verify', 'from'];
  const signed = from.filter((entry) => /^[!&]/.test(entry));
  const limits = signed.length === 0 ? undefined : new Set(context.select(signed, path, false));
  const points = new Set<string>();
  for (const [n, entry] of from.entries()) {
    if (/^[!&]/.test(entry)) continue;
    const names = entry === 'operator' ? [entry] : context.selectOne(entry, [...path, n]);
    for (const name of names) {
      if (points.has(name) || (name !== 'operator' && limits !== undefined && !limits.has(name))) continue;
      context.link([...path, points.size], [...path, n]);
      points.add(name);
    }
  }
  return { from: [...points], requests };
}

function resolveTemplates(written: string | undefined, context: Context): string | undefined {
  if (written === undefined) return undefined;
  const folder = localFile(written, context);
  if (!context.around.isFolder(folder)) context.report('templates', ['templates'], `there is no folder ${folder}`);
  return folder;
}
