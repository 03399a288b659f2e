import * as z from 'zod';
import { extra, garp } from './keepalived.ts';
import { optional, required } from './key.ts';
import { program } from './program.ts';
import { secret } from './secret.ts';
import { addressLabel, hostName, identifier, ip, network, nic, user } from './text.ts';
import { trackers } from './tracker.ts';

/** A VIP that needs more than its address. */
export const virtualAddress = z.strictObject({
  address: required(ip, 'The virtual address.'),
  prefix: optional(z.int().min(0).max(128), 'Prefix length it is put on the NIC with.', {
    otherwise: '`32`, or `128` for IPv6: no route comes with it',
  }),
  interface: optional(nic, 'The NIC it is put on.', {
    otherwise: 'the one of the director in its network, else that of the instance',
  }),
  label: optional(addressLabel, 'Label, ip-address(8); IPv4 only.', { otherwise: 'none' }),
});

/** A route of the master. */
export const route = z.strictObject({
  to: required(z.union([z.literal('default'), network]), 'Network, or `default`.'),
  via: optional(ip, 'Gateway.', { otherwise: 'none: the network is on the link' }),
  interface: optional(nic, 'NIC of the directors.', {
    otherwise: 'the one in the network of the gateway, else that of the instance',
  }),
  source: optional(ip, 'Preferred source address, such as a VIP.', { otherwise: 'as the kernel chooses' }),
  metric: optional(z.int().min(0).max(4_294_967_295), 'Metric.', { otherwise: 'none' }),
  table: optional(z.int().min(1).max(4_294_967_295), 'Routing table.', { otherwise: 'the main one' }),
});

/** A rule of policy routing of the master. */
export const rule = z.strictObject({
  from: optional(z.union([network, ip]), 'Network or address that packets come from, such as a VIP.', {
    otherwise: 'any; one of `from` and `to` is needed',
  }),
  to: optional(z.union([network, ip]), 'Network or address that they go to.', { otherwise: 'any' }),
  interface: optional(nic, 'NIC that they come in by (iif).', { otherwise: 'any' }),
  mark: optional(z.int().min(1).max(4_294_967_295), 'Their firewall mark (fwmark).', { otherwise: 'any' }),
  table: required(z.int().min(1).max(4_294_967_295), 'Routing table to look in.'),
  priority: optional(z.int().min(1).max(32_765), 'Place among the rules of the host; lower ones come first.', {
    otherwise: '`6000`, then the next free numbers',
  }),
});

/** What is run when the state changes. */
export const notify = z.strictObject({
  all: optional(
    program,
    'At every change, after the others; gets `INSTANCE` or `GROUP`, the name, the state and the priority (notify).',
    { otherwise: 'nothing' },
  ),
  master: optional(program, 'On becoming master (notify_master).', { otherwise: 'nothing' }),
  backup: optional(program, 'On becoming backup (notify_backup).', { otherwise: 'nothing' }),
  fault: optional(program, 'On a fault (notify_fault).', { otherwise: 'nothing' }),
  stop: optional(program, 'When keepalived stops (notify_stop).', { otherwise: 'nothing' }),
  user: optional(user, 'User they run as.', { value: 'root' }),
});

const notifyPrograms =
  'Programs to run when the state changes. A path from / is one of the directors, any other a script of this machine, relative to the inventory; a list adds arguments.';

/** A VRRP instance over all directors. */
export const instance = z.strictObject({
  vrid: optional(z.int().min(1).max(255), 'virtual_router_id, one of its own on its network.', {
    otherwise: '`51`, then the next free numbers',
  }),
  interface: optional(
    z.union([nic, z.record(hostName, nic)]),
    'The NIC of the directors that the adverts go over; a map by director where they differ.',
    { otherwise: 'the one in the network of the VIPs, else `interface` of the host' },
  ),
  vips: optional(
    z.array(z.union([ip, virtualAddress])).min(1),
    'The VIPs it carries, of one family; a map for one that needs more than its address.',
    {
      otherwise:
        'the VIPs of all services that no other instance names; those of another NIC or family get an instance `NAME_eth1` or `NAME_6` of their own',
    },
  ),
  version: optional(z.union([z.literal(2), z.literal(3)]), 'Version of VRRP; IPv6 needs 3.', {
    otherwise: '`2`; `3` for IPv6 and where `interval` has a fraction',
  }),
  interval: optional(
    z.number().min(0.01).max(255),
    'Time between adverts (advert_int); fractions with version 3 only.',
    {
      value: 1,
      unit: 'seconds',
    },
  ),
  downTimerAdverts: optional(
    z.int().min(1).max(100),
    'Adverts that may be missed before a backup takes over (down_timer_adverts).',
    { otherwise: '`3`' },
  ),
  priorities: optional(z.record(hostName, z.int().min(1).max(254)), 'A priority for each director, all different.', {
    otherwise: '`150`, `100`, `90`, `80`, … in the order of `directors`',
  }),
  state: optional(
    z.enum(['MASTER', 'BACKUP']),
    'State in which the director of the highest priority starts; the others start as `BACKUP`.',
    { value: 'BACKUP' },
  ),
  preempt: optional(z.boolean(), 'Whether a director of higher priority takes over again when it returns.', {
    value: true,
  }),
  preemptDelay: optional(z.int().min(0).max(1_000), 'Time that it waits before it does (preempt_delay).', {
    value: 0,
    unit: 'seconds',
  }),
  unicast: optional(
    z.boolean(),
    'Whether adverts go from director to director (unicast_peer) instead of to a multicast group, which clouds drop.',
    { value: false },
  ),
  authPass: optional(
    secret,
    'Password of the adverts, 1 to 8 characters, sent in clear; version 2 only. A new one means two masters until every director has it. A secret.',
    { otherwise: 'no authentication' },
  ),
  accept: optional(
    z.boolean(),
    'Whether the director takes packets for the VIPs; `false` (no_accept) leaves them to be routed to only, and nothing balances.',
    { value: true },
  ),
  vmac: optional(
    z.union([z.boolean(), nic]),
    'A device with the virtual MAC address 00:00:5e:00:01:VRID carries the VIPs (use_vmac); a name instead of `true` is its name.',
    { value: false },
  ),
  garp: optional(garp('as `keepalived.garp`'), 'Gratuitous ARP and unsolicited neighbour adverts.', {
    otherwise: 'as `keepalived.garp`',
  }),
  track: optional(trackers, 'What it watches besides its own NIC: a failure is a fault, or changes the priority.', {
    otherwise: 'nothing',
  }),
  routes: optional(z.array(route).min(1), 'Routes that the master has (virtual_routes).', { otherwise: 'none' }),
  rules: optional(z.array(rule).min(1), 'Rules of policy routing that the master has (virtual_rules).', {
    otherwise: 'none',
  }),
  notify: optional(notify, notifyPrograms, { otherwise: 'nothing' }),
  extra: optional(extra, 'Further lines of the block, as they are.', { otherwise: 'none' }),
});

const members = z.array(identifier).min(2);

/** Instances that change state together. */
export const syncGroup = z.union([
  members,
  z.strictObject({
    instances: required(members, 'Names of VRRP instances, two or more.'),
    track: optional(trackers, 'What the group watches; weights are 0 here.', { otherwise: 'nothing' }),
    notify: optional(notify, notifyPrograms, { otherwise: 'nothing' }),
  }),
]);
