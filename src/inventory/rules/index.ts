import { addressUnique } from './address-unique.ts';
import { authPassFamily } from './auth-pass-family.ts';
import { authPassLength } from './auth-pass-length.ts';
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
import type { Rule } from './rule.ts';
import { serviceUnique } from './two-services-one-vip-port.ts';
import { sitePortCollision } from './site-port-collision.ts';
import { syncGroupMembers } from './sync-group-members.ts';
import { tunnelMtu } from './tunnel-mtu.ts';
import { verifyFromOutside } from './verify-from-outside.ts';
import { vipDeviceFree } from './vip-device-free.ts';
import { vipInAnInstance } from './vip-in-an-instance.ts';
import { vipInConnectedNetwork } from './vip-in-connected-network.ts';
import { vipNotHostAddress } from './vip-not-host-address.ts';
import { vridRange } from './vrid-range.ts';
import { vridUnique } from './vrid-unique.ts';
import { vrrpInterface } from './vrrp-interface.ts';

/** Every rule across hosts. A new one is a file here and a line in this list. */
export const rules: readonly Rule[] = [
  addressUnique,
  vipNotHostAddress,
  vipInConnectedNetwork,
  vipInAnInstance,
  serviceUnique,
  drEqualPorts,
  realServersOnVipNetwork,
  vipDeviceFree,
  natGatewayNetwork,
  natClientNetwork,
  natOneGateway,
  tunnelMtu,
  guePortFree,
  directorNotRealServer,
  vrrpInterface,
  syncGroupMembers,
  vridUnique,
  vridRange,
  prioritiesComplete,
  prioritiesDistinct,
  authPassLength,
  authPassFamily,
  sitePortCollision,
  mountHasExport,
  exportClientHasAddressFamily,
  verifyFromOutside,
];
