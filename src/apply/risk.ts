import type { Step } from '../resources/resource.ts';

/** Kinds of resources that decide how packets travel to and from a host. */
const risky = new Set([
  'address',
  'firewall-opening',
  'link',
  'packet-marks',
  'receive-port',
  'route',
  'routing-rule',
  'segment-size',
  'sysctl',
]);

/** Files and services that decide where a VIP is. */
const holding = /^(file|service) .*keepalived/;

/** Whether a step could cut the operator off from the host, or users off from a VIP. Pure. */
export function mayCutOff({ resource }: Pick<Step, 'resource'>): boolean {
  const [kind = ''] = resource.split(' ', 1);
  return risky.has(kind) || holding.test(resource);
}
