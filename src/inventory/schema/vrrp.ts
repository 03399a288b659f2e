import * as z from 'zod';
import { optional } from './key.ts';
import { secret } from './secret.ts';
import { hostName, ip } from './text.ts';

/** A VRRP instance over all directors. */
export const instance = z.strictObject({
  vrid: optional(z.int().min(1).max(255), 'virtual_router_id, one of its own on its network.', {
    otherwise: '`51`, then the next free numbers',
  }),
  vips: optional(z.array(ip).min(1), 'The VIPs it carries, of one family.', {
    otherwise: 'the VIPs of all services that no other instance names',
  }),
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
