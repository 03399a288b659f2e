import * as z from 'zod';
import { optional, required } from './key.ts';
import { secret } from './secret.ts';
import { addressLabel, hostName, identifier, ip, nic } from './text.ts';

/** A VIP that needs more than its address. */
const virtualAddress = z.strictObject({
  address: required(ip, 'The virtual address.'),
  prefix: optional(z.int().min(0).max(128), 'Prefix length it is put on the NIC with.', {
    otherwise: '`32`, or `128` for IPv6: no route comes with it',
  }),
  interface: optional(nic, 'The NIC it is put on.', {
    otherwise: 'the one of the director in its network, else that of the instance',
  }),
  label: optional(addressLabel, 'Label, ip-address(8); IPv4 only.', { otherwise: 'none' }),
});

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
  interval: optional(z.int().min(1).max(255), 'Time between adverts (advert_int).', { value: 1, unit: 'seconds' }),
  priorities: optional(z.record(hostName, z.int().min(1).max(254)), 'A priority for each director, all different.', {
    otherwise: '`150`, `100`, `90`, `80`, … in the order of `directors`',
  }),
  preempt: optional(z.boolean(), 'Whether a director of higher priority takes over again when it returns.', {
    value: true,
  }),
  authPass: optional(secret, 'Password of the adverts, 1 to 8 characters. A secret.', {
    otherwise: 'no authentication',
  }),
});

const members = z.array(identifier).min(2);

/** Instances that change state together. */
export const syncGroup = z.union([
  members,
  z.strictObject({
    instances: required(members, 'Names of VRRP instances, two or more.'),
  }),
]);
