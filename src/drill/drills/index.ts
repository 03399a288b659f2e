import type { Drill } from '../drill.ts';
import { allRealServers } from './all-real-servers.ts';
import { blockVrrp } from './block-vrrp.ts';
import { drain } from './drain.ts';
import { freezeMaster } from './freeze-keepalived.ts';
import { killMaster } from './kill-keepalived.ts';
import { linkLost } from './link-down.ts';
import { masterReturns } from './master-returns.ts';
import { powerOff } from './power-off.ts';
import { rebootMaster } from './reboot.ts';
import { stopKeepalived } from './stop-keepalived.ts';
import { stopService } from './stop-service.ts';

/** Every drill, the gentlest first. A new one is a file beside this one and a line here. */
export const drills: readonly Drill[] = [
  drain,
  stopService,
  allRealServers,
  stopKeepalived,
  masterReturns,
  freezeMaster,
  killMaster,
  blockVrrp,
  linkLost,
  rebootMaster,
  powerOff,
];
