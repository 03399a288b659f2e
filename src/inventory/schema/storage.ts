import * as z from 'zod';
import { optional, required } from './key.ts';
import { hostPath, hosts, option, path } from './text.ts';
import { exportClient } from './web-text.ts';

const options = z.array(option).min(1);
const clients = z.array(exportClient).min(1);

/** Clients of an export with options of their own. */
export const nfsClients = z.strictObject({
  clients: required(clients, 'Patterns of hosts, networks (`10.0.0.0/24`), `"*"` for everybody, or `@netgroup`.'),
  options: optional(options, 'Options for these, instead of those of the export.', {
    otherwise: 'those of the export',
  }),
});

/** An NFS export. */
export const nfsExport = z.strictObject({
  clients: required(
    z.array(z.union([exportClient, nfsClients])).min(1),
    'Who may mount it: patterns of hosts, networks (`10.0.0.0/24`), `"*"` for everybody (`all` is every host here), `@netgroup`, or maps with options.',
  ),
  options: optional(
    options,
    'exports(5) options. `sync` and `no_subtree_check` are added unless contradicted, `ro` unless `rw` is there.',
    {
      otherwise: '`[ro, sync, no_subtree_check]`',
    },
  ),
});

/** A mount that waits until somebody looks. */
export const automount = z.strictObject({
  idle: optional(z.int().min(0).max(86_400), 'Time without use after which it is unmounted again; 0 for never.', {
    value: 0,
    unit: 'seconds',
  }),
});

/** An NFS mount. */
export const mount = z.strictObject({
  from: required(hostPath, 'The export, `HOST:/path`.'),
  hosts: required(hosts, 'Patterns of the hosts that mount it.'),
  options: optional(options, 'nfs(5) options, added to the default ones unless they contradict them.', {
    otherwise: '`[hard, _netdev, nfsvers=4.2]`',
  }),
  automount: optional(
    z.union([z.boolean(), automount]),
    'Mounted when somebody looks into it, by systemd (x-systemd.automount), and not at boot.',
    { value: false },
  ),
});

/** What the NFS servers speak. */
export const nfsServer = z.strictObject({
  versions: optional(
    z.array(z.union([z.literal(3), z.literal(4), z.literal(4.1), z.literal(4.2)])).min(1),
    'Versions served; 4 is every 4.x. Without 3, rpcbind is switched off.',
    { otherwise: 'as the distribution has it' },
  ),
  threads: optional(z.int().min(1).max(4_096), 'Threads of nfsd.', { otherwise: 'as the distribution has it' }),
});

/** NFS. */
export const storage = z.strictObject({
  exports: optional(z.record(hostPath, nfsExport), 'Exports by `HOST:/path`.', { otherwise: 'none' }),
  mounts: optional(z.record(path, mount), 'Mounts by the folder they are mounted on.', { otherwise: 'none' }),
  server: optional(nfsServer, 'What the hosts with exports speak (nfs.conf(5)); a change restarts the NFS server.', {
    otherwise: 'as the distribution has it',
  }),
});
