import * as z from 'zod';
import { argument } from './text.ts';

/**
 * Something for keepalived to run, alone or with its arguments. A path from / is one of the directors; any other is a script
 * of the operator's machine, relative to the inventory, which is brought to them.
 */
export const program = z
  .union([argument, z.array(argument).min(1)])
  .meta({ title: 'a program, or a list of it and its arguments' });
