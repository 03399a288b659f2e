import { standsBehind } from '../../inventory/stands-behind.ts';
import type { Resource } from '../../resources/index.ts';
import type { RoleContext } from '../role.ts';
import { kernelModules } from '../settings.ts';

/** The module without which no program of the host can listen by SCTP; nothing loads it by itself on every distribution. */
export function speaksSctp(context: RoleContext): readonly Resource[] {
  const { cluster, host } = context;
  const served = cluster.services.filter((service) => service.protocol === 'SCTP' && standsBehind(service, host.name));
  if (served.length === 0) return [];
  const neededBy = `SCTP of ${served.map(({ name }) => name).join(', ')}`;
  return kernelModules(context, 'sctp', [{ module: 'sctp', neededBy }]);
}
