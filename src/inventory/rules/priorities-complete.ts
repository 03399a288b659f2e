import { problemAt } from '../problem.ts';
import { nearest } from '../spelling.ts';
import type { Rule } from './rule.ts';

/** A map of priorities that is written replaces the default one, so it names every director and nobody else. */
export const prioritiesComplete: Rule = {
  name: 'priorities-complete',
  why: "a director without a priority gets keepalived's 100, which may be that of another",
  check(cluster, place) {
    const directors = new Set(cluster.directors);
    return cluster.vrrp.flatMap(({ name, priorities }) => {
      const path = ['vrrp', name, 'priorities'];
      const missing = cluster.directors.filter((host) => !Object.hasOwn(priorities, host));
      const strangers = Object.keys(priorities).filter((host) => !directors.has(host));
      const near = (host: string) => nearest(host, directors);
      return [
        ...missing.map((host) =>
          problemAt(
            place(path),
            this.name,
            `${name} has no priority for the director ${host}`,
            `add ${host}: with a number from 1 to 254`,
          ),
        ),
        ...strangers.map((host) =>
          problemAt(
            place([...path, host], 'key'),
            this.name,
            `${host} has a priority, but is not a director`,
            near(host) && `did you mean "${near(host) ?? ''}"?`,
          ),
        ),
      ];
    });
  },
};
