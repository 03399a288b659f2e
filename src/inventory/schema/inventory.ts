import * as z from 'zod';
import { group, host, shared, ssh } from './host.ts';
import { optional, required } from './key.ts';
import { instance, service } from './service.ts';
import { healthPath, hostKey, hostPath, identifier, localPath, option, path, pattern } from './text.ts';

const hosts = z.array(pattern).min(1);
const options = z.array(option).min(1);

/** A web site that nginx serves. */
export const site = z.strictObject({
  hosts: required(hosts, 'Patterns of the hosts that serve it.'),
  root: required(path, 'Folder served at `/`.'),
  port: optional(z.int().min(1).max(65_535), 'Port nginx listens on.', {
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

/** The proof after a deployment. */
export const verify = z.strictObject({
  from: optional(hosts, 'Vantage points: patterns of hosts, or `operator` for the machine lvsctl runs on.', {
    otherwise: '`[operator]`',
  }),
  requests: optional(z.int().min(1).max(1_000), 'Requests sent to each service from each vantage point.', {
    value: 30,
  }),
});

/** The whole inventory. */
export const inventory = z.strictObject({
  cluster: required(identifier, 'Name of the cluster.'),
  hosts: required(
    z.record(hostKey, host).refine((all) => Object.keys(all).length > 0, { error: 'there are no hosts' }),
    'The hosts by name; a name with ranges stands for several.',
  ),
  groups: optional(z.record(identifier, group), 'Groups by name.', { otherwise: 'none' }),
  ssh: optional(ssh, 'How to log in to every host that does not say otherwise.', {
    otherwise: 'as ~/.ssh/config says',
  }),
  ...shared(),
  directors: optional(hosts, 'Patterns of the directors; the first is the preferred master.', { otherwise: 'none' }),
  vrrp: optional(z.record(identifier, instance), 'VRRP instances by name.', {
    otherwise: 'one instance `VI_1` with all VIPs; `VI_1` and `VI_1_6` if there are both families',
  }),
  services: optional(z.record(identifier, service), 'Virtual services by name.', { otherwise: 'none' }),
  nginx: optional(z.record(identifier, site), 'Web sites that nginx serves, by name.', { otherwise: 'none' }),
  storage: optional(storage, 'NFS exports and mounts.', { otherwise: 'none' }),
  verify: optional(verify, 'The proof after a deployment.', { otherwise: '30 requests from the operator' }),
  templates: optional(localPath, 'Folder of templates that go before the built-in ones, relative to the inventory.', {
    otherwise: 'the built-in ones alone',
  }),
});
