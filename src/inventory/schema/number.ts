import * as z from 'zod';

/** A TCP, UDP or SCTP port. */
export const port = z.int().min(1).max(65_535);

/** A time of up to a day, in whole seconds. */
export const seconds = z.int().min(1).max(86_400);
