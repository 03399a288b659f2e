import { placedVips } from '../forwarding/placed-vip.ts';
import { returnPaths } from '../forwarding/return-path.ts';
import { tunnelEnds } from '../forwarding/tunnel-end.ts';
import { standsBehind } from '../inventory/stands-behind.ts';
import type { Resource } from '../resources/index.ts';
import type { Role } from './role.ts';
import { answersBack } from './real-server/answers-back.ts';
import { takesPackets } from './real-server/takes-packets.ts';
import { speaksSctp } from './real-server/sctp.ts';
import { asksForSegments } from './real-server/segments.ts';

/** A host behind a virtual service: it takes what the directors send it, and answers by the way that the mode needs. */
export const realServer: Role = {
  name: 'real-server',
  stage: 'real-servers',
  applies: (cluster, { name }) => cluster.services.some((service) => standsBehind(service, name)),
  packages: () => [],

  resources(context): readonly Resource[] {
    const { cluster, host } = context;
    return [
      ...speaksSctp(context),
      ...takesPackets(context, placedVips(cluster, host.name), tunnelEnds(cluster, host.name)),
      ...answersBack(context, returnPaths(cluster, host)),
      ...asksForSegments(context, tunnelEnds(cluster, host.name)),
    ];
  },
};
