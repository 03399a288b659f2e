import * as z from 'zod';
import { required } from './key.ts';
import { envName, localPath } from './text.ts';

/** A secret: the text itself, or where it is. */
export const secret = z
  .union([
    z.string(),
    z.strictObject({ env: required(envName, 'Environment variable that holds it.') }),
    z.strictObject({
      file: required(localPath, 'File that holds it, relative to the inventory; a final line break is dropped.'),
    }),
  ])
  .meta({ title: 'a secret' });
