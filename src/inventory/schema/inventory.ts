import * as z from 'zod';
import { app } from './app.ts';
import { haproxy } from './haproxy.ts';
import { group, host, shared, ssh } from './host.ts';
import { ipvs } from './ipvs.ts';
import { keepalived } from './keepalived.ts';
import { optional, required } from './key.ts';
import { rollout } from './rollout.ts';
import { secrets } from './secret.ts';
import { service } from './service.ts';
import { site } from './site.ts';
import { storage } from './storage.ts';
import { hostKey, hosts as patterns, identifier, localPath } from './text.ts';
import { instance, syncGroup } from './vrrp.ts';

/** The proof after a deployment. */
export const verify = z.strictObject({
  from: optional(patterns, 'Vantage points: patterns of hosts, or `operator` for the machine lvsctl runs on.', {
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
  directors: optional(patterns, 'Patterns of the directors; the first is the preferred master.', { otherwise: 'none' }),
  vrrp: optional(z.record(identifier, instance), 'VRRP instances by name.', {
    otherwise:
      'one instance `VI_1` with all VIPs; those of IPv6 or of another NIC get one of their own, `VI_1_6` or `VI_1_eth1`',
  }),
  keepalived: optional(keepalived, 'What holds for keepalived as a whole.', { otherwise: 'as below' }),
  syncGroups: optional(
    z.record(identifier, syncGroup),
    'VRRP instances that change state together (vrrp_sync_group), by name: a list of instances, or a map.',
    { otherwise: 'none' },
  ),
  services: optional(z.record(identifier, service), 'Virtual services by name.', { otherwise: 'none' }),
  ipvs: optional(ipvs, 'Settings of IPVS itself, for all services.', { otherwise: 'as the kernel has them' }),
  nginx: optional(z.record(identifier, site), 'Web sites that nginx serves, by name.', { otherwise: 'none' }),
  apps: optional(z.record(identifier, app), 'Any other services, by name.', { otherwise: 'none' }),
  haproxy: optional(haproxy, 'HAProxy with its listeners.', { otherwise: 'none' }),
  storage: optional(storage, 'NFS exports and mounts.', { otherwise: 'none' }),
  rollout: optional(rollout, 'In which portions an apply changes hosts, and what it does around each.', {
    otherwise: 'as below',
  }),
  verify: optional(verify, 'The proof after a deployment.', { otherwise: '30 requests from the operator' }),
  secrets: optional(secrets, 'Who may open the encrypted secrets of this inventory.', {
    otherwise: 'you, by your own identity',
  }),
  templates: optional(localPath, 'Folder of templates that go before the built-in ones, relative to the inventory.', {
    otherwise: 'the built-in ones alone',
  }),
});
