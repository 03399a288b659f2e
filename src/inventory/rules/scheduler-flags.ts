import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** ipvsadm(8) `-b`: each flag belongs to one scheduler. */
export const schedulerFlags: Rule = {
  name: 'scheduler-flags',
  why: 'a flag of another scheduler means something else to the kernel, or nothing',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, scheduler, schedulerFlags: flags }) =>
      flags.flatMap((flag, n) => {
        if (flag.startsWith(`${scheduler}-`)) return [];
        const owner = flag.slice(0, flag.indexOf('-'));
        const at = place(['services', name, 'schedulerFlags', n]);
        const message = `${flag} is a flag of the scheduler ${owner}, and ${name} has ${scheduler}`;
        return [problemAt(at, this.name, message, `write scheduler: ${owner}, or take the flag out`)];
      }),
    );
  },
};
