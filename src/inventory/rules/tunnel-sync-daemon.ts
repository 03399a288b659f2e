import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** The sync protocol of IPVS has one family for a connection (ip_vs_sync.c), so the kernel takes either the daemon or the real servers. */
export const tunnelSyncDaemon: Rule = {
  name: 'tunnel-sync-daemon',
  why: 'the kernel refuses real servers of another family than their VIP while the sync daemon runs',
  check(cluster, place) {
    if (cluster.ipvs.syncDaemon === undefined) return [];
    return cluster.services.flatMap(({ name, family, forwarding }) => {
      if (forwarding.mode !== 'TUN' || forwarding.outer === family) return [];
      const message = `${name} has an IPv${family} VIP and a tunnel over IPv${forwarding.outer}, which cannot be with ipvs.syncDaemon`;
      const hint = 'take outer out and give the real servers IPv6 addresses, or do without the sync daemon';
      return [problemAt(place(['services', name, 'outer']), this.name, message, hint)];
    });
  },
};
