import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Platform } from '../platform/platform.ts';
import { type Need, needsOf } from '../keepalived/versions.ts';
import { kinds } from '../resources/index.ts';
import type { Resource } from '../resources/index.ts';
import { ref, type ResourceRef } from '../resources/resource.ts';
import type { Render } from '../templates/render.ts';
import { app } from './app.ts';
import { director } from './director.ts';
import { haproxy } from './haproxy.ts';
import { host } from './host.ts';
import { nfsClient } from './nfs-client.ts';
import { nfsServer } from './nfs-server.ts';
import { nginx } from './nginx.ts';
import { realServer } from './real-server.ts';
import type { Role, Stage } from './role.ts';

/** Every role, in the order in which a host's resources of one stage are done: a mount comes before the site on it. */
const roles: readonly Role[] = [host, nfsServer, realServer, nfsClient, nginx, app, haproxy, director];

/** A resource and the stage in which it is brought about. */
export interface PlacedResource {
  readonly stage: Stage;
  readonly ref: ResourceRef;
  readonly resource: Resource;
}

/** A host and all that has to be true of it, in the order in which it is brought about. */
export interface DesiredHost {
  readonly host: Host;
  readonly roles: readonly string[];
  readonly platform: Platform;
  readonly resources: readonly PlacedResource[];
  /** What of keepalived's newer features its configuration uses. */
  readonly needs: readonly Need[];
}

/**
 * What has to be true of a host. Pure but for the templates that `render` reads; a template that fails is thrown as
 * TemplateError.
 */
export function desiredHost(cluster: Cluster, one: Host, platform: Platform, render: Render): DesiredHost {
  const context = { cluster, host: one, platform, render };
  const its = roles.filter((role) => role.applies(cluster, one));
  const present = [...new Set(its.flatMap((role) => role.packages(context)))];
  const absent = one.packages.filter((wish) => wish.state === 'absent').map((wish) => wish.name);
  const placed = its.flatMap((role) =>
    role.resources(context).map((resource): { stage: Stage; resource: Resource } => ({ stage: role.stage, resource })),
  );
  if (present.length + absent.length > 0) {
    const later = placed.flatMap(({ resource }) => (resource.kind === 'service' ? [resource.unit] : []));
    placed.unshift({ stage: 'packages', resource: { kind: 'package', present, absent, later } });
  }
  return {
    host: one,
    roles: its.filter((role) => role !== host).map((role) => role.name),
    platform,
    needs: its.includes(director) ? needsOf(cluster) : [],
    resources: placed.map((entry) => ({
      ...entry,
      ref: ref(entry.resource.kind, kinds[entry.resource.kind].name(entry.resource)),
    })),
  };
}
