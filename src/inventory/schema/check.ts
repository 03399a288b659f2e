import * as z from 'zod';
import { optional } from './key.ts';
import { seconds } from './number.ts';
import { urlPath } from './text.ts';

/** How keepalived finds out whether a real server works. */
export const check = z.strictObject({
  http: optional(urlPath, 'Asks for this URL path (HTTP_GET).', { otherwise: 'a TCP check' }),
  tcp: optional(z.literal(true), 'Connects only (TCP_CHECK).', { otherwise: '`true` without `http`' }),
  status: optional(z.int().min(100).max(599), 'HTTP status of a sound answer.', { value: 200 }),
  interval: optional(seconds, 'Time between checks (delay_loop).', { value: 2, unit: 'seconds' }),
  timeout: optional(seconds, 'Time allowed for connecting (connect_timeout).', { value: 2, unit: 'seconds' }),
  retries: optional(z.int().min(0).max(100), 'Retries before a real server is taken out.', { value: 1 }),
  retryDelay: optional(seconds, 'Time between retries (delay_before_retry).', { value: 1, unit: 'seconds' }),
});
