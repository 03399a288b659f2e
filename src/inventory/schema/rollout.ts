import * as z from 'zod';
import { readAmount } from '../amount.ts';
import { optional } from './key.ts';
import { seconds } from './number.ts';

/** A number of hosts or a percentage of them. */
const amount = z.union([z.int().min(0).max(999_999), z.string()]).superRefine((value, context) => {
  const read = readAmount(value);
  if (!read.ok) context.addIssue({ code: 'custom', message: read.error });
});

const size = amount.refine((value) => !/^0+%?$/.test(String(value)), { error: 'a batch needs a host at least' });

/** In which portions an apply changes hosts. */
export const rollout = z.strictObject({
  serial: optional(
    z.union([size, z.array(size).min(1)]),
    'Real servers of a batch, as a number or a percentage; of a list, an entry a batch, and the last one repeats.',
    { otherwise: 'one by one where traffic could notice, the first and then the others for a reload, else all' },
  ),
  canary: optional(
    z.enum(['host', 'batch']),
    'What goes first, and alone: one host, or the whole first batch of `serial`.',
    { value: 'host' },
  ),
  maxFail: optional(
    amount,
    'Hosts of a stage, as a number or a percentage, that may fail before nothing more of it is begun. Directors: none.',
    { value: 0 },
  ),
  drain: optional(
    z.enum(['interrupt', 'reload', 'never']),
    'From which impact on a real server is drained before it is changed.',
    { value: 'interrupt' },
  ),
  drainTimeout: optional(seconds, 'Time for the connections of a drained real server to end.', {
    unit: 'seconds',
    value: 60,
  }),
  switchOver: optional(
    z.boolean(),
    'Whether a director hands its VIPs over before a change that would interrupt them; it takes a keepalived of 2.0.0 or newer.',
    { value: true },
  ),
});
