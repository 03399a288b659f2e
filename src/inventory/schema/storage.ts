import * as z from 'zod';
import { optional, required } from './key.ts';
import { hostPath, hosts, option, path } from './text.ts';

const options = z.array(option).min(1);

/** An NFS export. */
export const nfsExport = z.strictObject({
  clients: required(hosts, 'Patterns of the hosts that may mount it.'),
  options: optional(
    options,
    'exports(5) options. `sync` and `no_subtree_check` are added unless contradicted, `ro` unless `rw` is there.',
    {
      otherwise: '`[ro, sync, no_subtree_check]`',
    },
  ),
});

/** An NFS mount. */
export const mount = z.strictObject({
  from: required(hostPath, 'The export, `HOST:/path`.'),
  hosts: required(hosts, 'Patterns of the hosts that mount it.'),
  options: optional(options, 'nfs(5) options, added to the default ones unless they contradict them.', {
    otherwise: '`[hard, _netdev, nfsvers=4.2]`',
  }),
});

/** NFS. */
export const storage = z.strictObject({
  exports: optional(z.record(hostPath, nfsExport), 'Exports by `HOST:/path`.', { otherwise: 'none' }),
  mounts: optional(z.record(path, mount), 'Mounts by the folder they are mounted on.', { otherwise: 'none' }),
});
