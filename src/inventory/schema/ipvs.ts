import * as z from 'zod';
import { optional } from './key.ts';
import { port } from './number.ts';
import { identifier, ip, nic } from './text.ts';

/** The daemon that synchronises connections. */
const syncDaemon = z.strictObject({
  interface: optional(nic, 'NIC of the directors that the messages go over.', {
    otherwise: "the directors' `interface`",
  }),
  id: optional(z.int().min(1).max(255), 'Of this cluster on the network (syncid).', { value: 1 }),
  instance: optional(
    z.union([identifier, z.literal(false)]),
    'VRRP instance whose master sends and whose backups listen; `false`: every director does both.',
    { otherwise: 'the instance where there is one, else `false`' },
  ),
  port: optional(port, 'UDP port.', { value: 8848 }),
  group: optional(ip, 'Multicast group.', { value: '224.0.0.81' }),
  ttl: optional(z.int().min(1).max(255), 'Time to live of the packets.', { value: 1 }),
});

const timeout = z.int().min(1).max(2_678_400);

/** Settings of IPVS itself. */
export const ipvs = z.strictObject({
  syncDaemon: optional(
    z.union([z.boolean(), syncDaemon]),
    'Tells the backup of connections, so that they live through a failover (lvs_sync_daemon).',
    { value: false },
  ),
  timeouts: optional(
    z.strictObject({
      tcp: optional(timeout, 'Of an established TCP connection.', { unit: 'seconds', otherwise: "the kernel's, 900" }),
      tcpFin: optional(timeout, 'Of one that is being closed.', { unit: 'seconds', otherwise: "the kernel's, 120" }),
      udp: optional(timeout, 'Of a flow of UDP.', { unit: 'seconds', otherwise: "the kernel's, 300" }),
    }),
    'How long a connection without packets is remembered (lvs_timeouts).',
    { otherwise: 'as the kernel has them' },
  ),
  marking: optional(
    z.enum(['nftables', 'tc']),
    'What marks the packets of services with several ports: nftables, or tc(8) for a kernel without it.',
    { value: 'nftables' },
  ),
  flush: optional(z.boolean(), 'Whether keepalived empties the table when it starts (lvs_flush).', { value: false }),
  flushOnStop: optional(
    z.boolean(),
    'Whether keepalived empties the table at once when it stops, instead of entry by entry (lvs_flush_on_stop).',
    { value: false },
  ),
});
