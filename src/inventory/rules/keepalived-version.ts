import { isAtLeast, needsOf } from '../../keepalived/versions.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** What is wished is what the oldest keepalived of the directors has; without `keepalived.version` each of them is asked. */
export const keepalivedVersion: Rule = {
  name: 'keepalived-version',
  why: 'keepalived ignores a keyword that it does not know, and goes on without what it stands for',
  check(cluster, place) {
    const { version } = cluster.keepalived;
    if (version === undefined) return [];
    return needsOf(cluster)
      .filter(({ feature }) => !isAtLeast(version, feature.since))
      .map(({ feature: { name, keyword, since }, path }) =>
        problemAt(
          place(path),
          this.name,
          `keepalived ${version} has no ${name} (${keyword})`,
          `keepalived ${since} and newer have it`,
        ),
      );
  },
};
