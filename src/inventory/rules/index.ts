import { addressUnique } from './address-unique.ts';
import { advertInterval } from './advert-interval.ts';
import { authPassLength } from './auth-pass-length.ts';
import { authPassVersion } from './auth-pass-version.ts';
import { bfdNeighbor } from './bfd-neighbor.ts';
import { bfdSettingsAgree } from './bfd-settings-agree.ts';
import { directorNotRealServer } from './director-not-real-server.ts';
import { drEqualPorts } from './dr-equal-ports.ts';
import { exportClientHasAddressFamily } from './export-client-has-address-family.ts';
import { guePortFree } from './gue-port-free.ts';
import { mountHasExport } from './mount-has-export.ts';
import { natClientNetwork } from './nat-client-network.ts';
import { natGatewayNetwork } from './nat-gateway-network.ts';
import { natOneGateway } from './nat-one-gateway.ts';
import { prioritiesComplete } from './priorities-complete.ts';
import { prioritiesDistinct } from './priorities-distinct.ts';
import { realServersOnVipNetwork } from './real-servers-on-vip-network.ts';
import { exportReachable } from './export-reachable.ts';
import { fsidUnique } from './fsid-unique.ts';
import { nfsVersion } from './nfs-version.ts';
import { mountLoop } from './mount-loop.ts';
import { portTaken } from './port-taken.ts';
import { haproxyOnDirectors } from './haproxy-on-directors.ts';
import { haproxyEndUnique } from './haproxy-end-unique.ts';
import { upstreamReachable } from './upstream-reachable.ts';
import { unitOnce } from './unit-once.ts';
import type { Rule } from './rule.ts';
import { serviceUnique } from './two-services-one-vip-port.ts';
import { sitePortCollision } from './site-port-collision.ts';
import { keepalivedVersion } from './keepalived-version.ts';
import { noAcceptServesNobody } from './no-accept-serves-nobody.ts';
import { nopreemptState } from './nopreempt-state.ts';
import { preemptDelay } from './preempt-delay.ts';
import { syncGroupAgrees } from './sync-group-agrees.ts';
import { syncGroupMembers } from './sync-group-members.ts';
import { tunnelMtu } from './tunnel-mtu.ts';
import { tunnelSyncDaemon } from './tunnel-sync-daemon.ts';
import { syncGroupWeight } from './sync-group-weight.ts';
import { trackFileFolder } from './track-file-folder.ts';
import { trackerOwnInterface } from './tracker-own-interface.ts';
import { unicastPeers } from './unicast-peers.ts';
import { verifyFromOutside } from './verify-from-outside.ts';
import { vipDeviceFree } from './vip-device-free.ts';
import { vipInAnInstance } from './vip-in-an-instance.ts';
import { vipInConnectedNetwork } from './vip-in-connected-network.ts';
import { vipNotHostAddress } from './vip-not-host-address.ts';
import { vridRange } from './vrid-range.ts';
import { vridUnique } from './vrid-unique.ts';
import { vipLabel } from './vip-label.ts';
import { virtualRouteFamily } from './virtual-route-family.ts';
import { virtualRuleFamily } from './virtual-rule-family.ts';
import { vrrpVersionFamily } from './vrrp-version-family.ts';
import { vrrpInterface } from './vrrp-interface.ts';
import { checkFitsProtocol } from './check-fits-protocol.ts';
import { markKeepsPorts } from './mark-keeps-ports.ts';
import { markUnique } from './mark-unique.ts';
import { onePacketUdp } from './one-packet-udp.ts';
import { persistenceFits } from './persistence-fits.ts';
import { quorumReachable } from './quorum-reachable.ts';
import { schedulerFlags } from './scheduler-flags.ts';
import { sorryServerApart } from './sorry-server-apart.ts';
import { thresholdsApart } from './thresholds-apart.ts';

/** Every rule across hosts. A new one is a file here and a line in this list. */
export const rules: readonly Rule[] = [
  addressUnique,
  vipNotHostAddress,
  vipInConnectedNetwork,
  vipInAnInstance,
  serviceUnique,
  checkFitsProtocol,
  markKeepsPorts,
  markUnique,
  onePacketUdp,
  persistenceFits,
  quorumReachable,
  schedulerFlags,
  sorryServerApart,
  thresholdsApart,
  drEqualPorts,
  realServersOnVipNetwork,
  vipDeviceFree,
  natGatewayNetwork,
  natClientNetwork,
  natOneGateway,
  tunnelMtu,
  tunnelSyncDaemon,
  guePortFree,
  directorNotRealServer,
  vrrpInterface,
  syncGroupMembers,
  vridUnique,
  vridRange,
  prioritiesComplete,
  prioritiesDistinct,
  authPassLength,
  authPassVersion,
  advertInterval,
  vrrpVersionFamily,
  nopreemptState,
  preemptDelay,
  unicastPeers,
  syncGroupAgrees,
  syncGroupWeight,
  trackerOwnInterface,
  trackFileFolder,
  vipLabel,
  noAcceptServesNobody,
  virtualRouteFamily,
  virtualRuleFamily,
  bfdNeighbor,
  bfdSettingsAgree,
  keepalivedVersion,
  sitePortCollision,
  portTaken,
  haproxyOnDirectors,
  haproxyEndUnique,
  upstreamReachable,
  unitOnce,
  mountHasExport,
  exportClientHasAddressFamily,
  exportReachable,
  fsidUnique,
  nfsVersion,
  mountLoop,
  verifyFromOutside,
];
