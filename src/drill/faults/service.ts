import type { Cluster } from '../../inventory/cluster.ts';
import { platforms } from '../../platform/index.ts';
import type { Step } from '../../resources/resource.ts';
import { hostOf } from '../drill.ts';
import { breaking } from './marking.ts';

/** Stops a unit as its service manager does; it is started again. */
export function stopUnit(cluster: Cluster, host: string, unit: string): Step {
  const { services } = platforms[hostOf(cluster, host).platform];
  return breaking(`service ${unit}`, 'stopped', services.stop(unit), services.start(unit, false));
}

/** The unit behind a port of a real server, as far as lvsctl runs it. */
export function unitBehind(cluster: Cluster, host: string, port: number): string | undefined {
  const { units } = platforms[hostOf(cluster, host).platform];
  if (cluster.sites.some((site) => site.port === port && site.hosts.includes(host))) return units.nginx;
  return cluster.apps.find((app) => app.ready.port === port && app.hosts.includes(host))?.unit;
}

/** The unit of keepalived on a director. */
export function keepalivedUnit(cluster: Cluster, host: string): string {
  return platforms[hostOf(cluster, host).platform].units.keepalived;
}
