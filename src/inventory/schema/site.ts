import * as z from 'zod';
import { optional, required } from './key.ts';
import { port } from './number.ts';
import { healthPath, hosts, path } from './text.ts';

/** A web site that nginx serves. */
export const site = z.strictObject({
  hosts: required(hosts, 'Patterns of the hosts that serve it.'),
  root: required(path, 'Folder served at `/`.'),
  port: optional(port, 'Port nginx listens on.', {
    otherwise: 'that of the service whose real servers these hosts are, else `80`',
  }),
  health: optional(
    z.union([healthPath, z.literal(false)]),
    'URL path that nginx itself answers with 200; `false` for none.',
    {
      otherwise: "the path of that service's http check",
    },
  ),
});
