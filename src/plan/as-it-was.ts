import type { ResourceRef } from '../resources/resource.ts';
import { allSteps, type Plan } from './plan.ts';

/**
 * What would now be planned otherwise on a host than before a run that was undone: the resources that are not as they were. Packages
 * are left out: they are not taken back, which is said elsewhere. Pure.
 */
export function notAsBefore(host: string, before: Plan, after: Plan): ResourceRef[] {
  const [then, now] = [wishes(host, before), wishes(host, after)];
  return [...new Set([...then.keys(), ...now.keys()])].filter((ref) => then.get(ref) !== now.get(ref));
}

function wishes(host: string, plan: Plan): Map<ResourceRef, string> {
  const byRef = new Map<ResourceRef, string>();
  for (const one of allSteps(plan)) {
    const { resource, action, summary, diff } = one.step;
    if (one.host !== host || one.stage === 'prepare' || resource.startsWith('package ')) continue;
    byRef.set(resource, `${byRef.get(resource) ?? ''}${JSON.stringify([action, summary, diff])}`);
  }
  return byRef;
}
