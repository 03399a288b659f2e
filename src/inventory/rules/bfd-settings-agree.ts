import { type BfdSession, sessionsOf } from '../../keepalived/bfd.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) bfd_instance: between two addresses there is one session, whoever watches it. */
export const bfdSettingsAgree: Rule = {
  name: 'bfd-settings-agree',
  why: 'keepalived has one session with a neighbor and ignores a second one, so one of the wishes would be lost',
  check(cluster, place) {
    const found = cluster.directors.flatMap((director) => {
      const first = new Map<string, BfdSession>();
      return sessionsOf(cluster, director).filter((session) => {
        const known = first.get(session.neighbor) ?? session;
        first.set(session.neighbor, known);
        return JSON.stringify(known.settings) !== JSON.stringify(session.settings);
      });
    });
    const once = new Map(found.map((session) => [JSON.stringify(session.path), session]));
    return [...once.values()].map(({ neighbor, path }) =>
      problemAt(
        place(path),
        this.name,
        `the session with ${neighbor} has other settings elsewhere`,
        'write the same ones wherever it is watched',
      ),
    );
  },
};
