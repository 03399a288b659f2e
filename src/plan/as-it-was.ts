import type { ResourceRef } from '../resources/resource.ts';
import { allSteps, type Plan } from './plan.ts';

/**
 * What would now be planned otherwise on a host than before a run that was undone: the resources that are not as they were. Those that
 * cannot be taken back, as packages and kernel modules, are left out: that they stay is said elsewhere. Pure.
 */
export function notAsBefore(host: string, before: Plan, after: Plan): ResourceRef[] {
  const [then, now] = [wishes(host, before), wishes(host, after)];
  return [...new Set([...then.keys(), ...now.keys()])].filter((ref) => then.get(ref) !== now.get(ref));
}

function wishes(host: string, plan: Plan): Map<ResourceRef, string> {
  const byRef = new Map<ResourceRef, string>();
  for (const one of allSteps(plan)) {
    const { resource, action, summary, diff, undo } = one.step;
    if (one.host !== host || one.stage === 'prepare' || (undo === undefined && action !== 'run')) continue;
    byRef.set(resource, `${byRef.get(resource) ?? ''}${JSON.stringify([action, summary, diff])}`);
  }
  return byRef;
}
