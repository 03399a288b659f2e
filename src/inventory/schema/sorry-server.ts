import * as z from 'zod';
import { optional } from './key.ts';
import { port } from './number.ts';
import { ip, pattern } from './text.ts';

/** A sorry server: a host, or more about it. */
export const sorryServer = z.union([
  pattern,
  z.strictObject({
    host: optional(pattern, 'Host of the inventory.', { otherwise: '`address` is needed then' }),
    address: optional(ip, 'Address of a machine that is not in the inventory.', { otherwise: 'that of the host' }),
    port: optional(port, 'Its port.', { otherwise: 'that of the service' }),
  }),
]);
