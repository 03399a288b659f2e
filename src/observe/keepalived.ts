import type { Cluster } from '../inventory/cluster.ts';
import { platforms } from '../platform/index.ts';
import { ref } from '../resources/resource.ts';
import type { ServiceState } from '../resources/service.ts';
import type { Observation } from './observe.ts';

/** How keepalived's service was found on a director; undefined: the director was not looked at, or could not be read. */
export function keepalivedState(
  { hosts }: Cluster,
  director: string,
  observations: ReadonlyMap<string, Pick<Observation, 'states'>>,
): ServiceState | undefined {
  const host = hosts.find(({ name }) => name === director);
  if (host === undefined) return undefined;
  const unit = platforms[host.platform].units.keepalived;
  return observations.get(director)?.states.get(ref('service', unit)) as ServiceState | undefined;
}
