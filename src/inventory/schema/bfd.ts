import * as z from 'zod';
import { optional, required } from './key.ts';
import { hostName, ip } from './text.ts';

const milliseconds = z.number().min(1).max(60_000);

const settings = {
  minRx: optional(milliseconds, 'Shortest time between packets that the director can take (min_rx).', {
    value: 300,
    unit: 'milliseconds',
  }),
  minTx: optional(
    milliseconds,
    'Time between packets that it would like to send at (min_tx); the slower end decides.',
    {
      value: 300,
      unit: 'milliseconds',
    },
  ),
  idleTx: optional(z.number().min(1_000).max(60_000), 'The same while the session is down (idle_tx).', {
    value: 1000,
    unit: 'milliseconds',
  }),
  multiplier: optional(z.int().min(1).max(255), 'Packets that may be missed before the session is down.', { value: 3 }),
  passive: optional(z.boolean(), 'Whether it waits until the other end speaks.', { value: false }),
  maxHops: optional(z.int().min(0).max(255), 'Routers that may be in between (max_hops); 255: it is not looked at.', {
    value: 0,
  }),
};

/** A BFD session with a real server. */
export const bfdSettings = z.strictObject(settings);

/** A BFD session with an end that is named. */
export const bfdNeighbor = z.strictObject({
  neighbor: required(
    z.union([ip, z.record(hostName, ip)]),
    'Address of the other end; a map by director where each has its own.',
  ),
  ...settings,
});
