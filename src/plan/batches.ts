import { countOf } from '../inventory/amount.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { keepalivedState } from '../observe/keepalived.ts';
import type { Observation } from '../observe/observe.ts';
import type { Stage } from '../roles/role.ts';
import { careFor, heldVips } from './care.ts';
import type { HostSteps } from './plan.ts';
import { shortWithout } from './redundancy.ts';

/**
 * The batches of a stage, and what is done around each host. Directors go at once where none of them serves anybody yet. Otherwise
 * they go one after the other, those that hold no VIP first, so that a configuration that does not work is found on one that serves
 * nobody. Real servers go as the roll-out says, else at once, unless traffic could notice: then one by one, the first being
 * the canary; and of those that are drained never so many at once that a service is left with less than half.
 */
export function batches(
  stage: Stage,
  busy: readonly HostSteps[],
  cluster: Cluster,
  observations: ReadonlyMap<string, Observation>,
): HostSteps[][] {
  const cared = busy.map((one): HostSteps => {
    const care = careFor(one.host, one.steps, cluster, observations);
    return care === undefined ? one : { ...one, care };
  });
  if (stage === 'directors') {
    if (servesNobody(cluster, observations)) return [[...busy]];
    const holds = ({ host }: HostSteps): number => (heldVips(cluster, observations.get(host)).length > 0 ? 1 : 0);
    const preferred = ({ host }: HostSteps): number => cluster.directors.indexOf(host);
    return [...cared].sort((a, b) => holds(a) - holds(b) || preferred(b) - preferred(a)).map((one) => [one]);
  }
  const isRolled = stage === 'real-servers' ? () => true : ({ care }: HostSteps): boolean => care !== undefined;
  const rolled = cared.filter(isRolled);
  const others = cared.filter((one) => !isRolled(one));
  return [...(others.length > 0 ? [others] : []), ...portions(rolled, cluster)];
}

/** Hosts in portions of the sizes that are wished. */
function portions(hosts: readonly HostSteps[], cluster: Cluster): HostSteps[][] {
  const sizes = sizesFor(hosts, cluster);
  const made: HostSteps[][] = [];
  let batch: HostSteps[] = [];
  for (const one of hosts) {
    const size = sizes[Math.min(made.length, sizes.length - 1)] ?? 1;
    if (batch.length > 0 && (batch.length >= size || !fits(batch, one, cluster))) {
      made.push(batch);
      batch = [];
    }
    batch.push(one);
  }
  return batch.length > 0 ? [...made, batch] : made;
}

/** Batches are counted by those that were made: one that redundancy makes smaller uses up its size. */
function sizesFor(hosts: readonly HostSteps[], { rollout: { serial, canary } }: Cluster): number[] {
  const has = (impact: string): boolean => hosts.some(({ steps }) => steps.some((step) => step.impact === impact));
  if (serial === undefined) return has('interrupt') ? [1] : has('reload') ? [1, hosts.length] : [hosts.length];
  const sizes = serial.map((amount) => Math.max(1, countOf(amount, hosts.length)));
  return canary === 'host' && sizes[0] !== 1 ? [1, ...sizes] : sizes;
}

/** Whether a host can be out together with those of a batch. */
function fits(batch: readonly HostSteps[], one: HostSteps, cluster: Cluster): boolean {
  if (one.care === undefined) return true;
  const out = [...batch, one].filter(({ care }) => care !== undefined).map(({ host }) => host);
  return out.length < 2 || (one.care.type === 'drain' && shortWithout(cluster, out).length === 0);
}

/** Whether all directors were looked at, and on none keepalived runs or a VIP is there. */
function servesNobody(cluster: Cluster, observations: ReadonlyMap<string, Observation>): boolean {
  return cluster.directors.every((name) => {
    const observation = observations.get(name);
    if (observation === undefined || heldVips(cluster, observation).length > 0) return false;
    const keepalived = keepalivedState(cluster, name, observations);
    return keepalived !== undefined && keepalived.active !== 'active';
  });
}
