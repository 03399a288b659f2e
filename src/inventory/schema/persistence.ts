import * as z from 'zod';
import { optional } from './key.ts';

const timeout = z.int().min(1).max(2_678_400);

/** How clients stay with a real server: for how long, or more about it. */
export const persistence = z.union([
  timeout,
  z.strictObject({
    timeout: optional(timeout, 'How long.', { unit: 'seconds', value: 300 }),
    granularity: optional(
      z.int().min(1).max(128),
      'Clients whose addresses agree in so many leading bits stay together.',
      { otherwise: '`32` or `128`: each client by itself' },
    ),
    engine: optional(z.enum(['sip']), 'Goes by the Call-ID of SIP over UDP instead of the client.', {
      otherwise: 'goes by the client',
    }),
  }),
]);
