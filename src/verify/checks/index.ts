import type { Check } from '../check.ts';
import { appReady } from './app-ready.ts';
import { arpSingle } from './arp-single.ts';
import { asPlanned } from './as-planned.ts';
import { bootOrder } from './boot-order.ts';
import { certificates } from './certificates.ts';
import { clocksAgree } from './clocks-agree.ts';
import { counters } from './counters.ts';
import { directorReachesRips } from './director-reaches-rips.ts';
import { foreignServices } from './foreign-services.ts';
import { haproxyBackends } from './haproxy-backends.ts';
import { haproxyRequests } from './haproxy-requests.ts';
import { ipvsSettings } from './ipvs-settings.ts';
import { ipvsTable } from './ipvs-table.ts';
import { keepalivedConfig } from './keepalived-config.ts';
import { largeRequests } from './large-requests.ts';
import { nfsListed } from './nfs-listed.ts';
import { nfsMounted } from './nfs-mounted.ts';
import { nfsReadable } from './nfs-readable.ts';
import { nfsWritable } from './nfs-writable.ts';
import { peersAlike } from './peers-alike.ts';
import { realServerArp } from './real-server-arp.ts';
import { realServerListens } from './real-server-listens.ts';
import { realServerRoute } from './real-server-route.ts';
import { receiveMerging } from './receive-merging.ts';
import { requests } from './requests.ts';
import { servicesActive } from './services-active.ts';
import { tunnelReversePath } from './tunnel-reverse-path.ts';
import { syncGroup } from './sync-group.ts';
import { vipHolder } from './vip-holder.ts';
import { vipInterface } from './vip-interface.ts';
import { vrrpAdverts } from './vrrp-adverts.ts';
import { vrrpLog } from './vrrp-log.ts';

/** Every check, in the order in which they are reported and run. A new one is a file beside this one and a line here. */
export const checks: readonly Check[] = [
  asPlanned,
  servicesActive,
  bootOrder,
  appReady,
  keepalivedConfig,
  vipHolder,
  vipInterface,
  syncGroup,
  vrrpAdverts,
  vrrpLog,
  foreignServices,
  ipvsTable,
  ipvsSettings,
  receiveMerging,
  realServerArp,
  realServerListens,
  realServerRoute,
  tunnelReversePath,
  directorReachesRips,
  arpSingle,
  requests,
  haproxyBackends,
  haproxyRequests,
  largeRequests,
  counters,
  nfsMounted,
  nfsListed,
  nfsWritable,
  nfsReadable,
  certificates,
  clocksAgree,
  peersAlike,
];
