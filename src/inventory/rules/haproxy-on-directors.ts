import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived puts the VIPs of HAProxy on any director, so HAProxy has to run on each, and on no other host. */
export const haproxyOnDirectors: Rule = {
  name: 'haproxy-on-directors',
  why: 'a director without HAProxy takes the VIP over and answers nothing',
  check(cluster, place) {
    const { haproxy, directors } = cluster;
    if (haproxy === undefined) return [];
    const without = directors.filter((name) => !haproxy.hosts.includes(name));
    const others = haproxy.hosts.filter((name) => !directors.includes(name));
    const at = place(['haproxy', 'hosts']);
    if (without.length > 0) {
      const message = `the VIPs can come to ${without.join(', ')}, where HAProxy does not run`;
      return [problemAt(at, this.name, message, 'leave hosts: out, which means all directors')];
    }
    if (others.length === 0) return [];
    const message = `HAProxy runs on ${others.join(', ')}, where no VIP ever comes`;
    return [problemAt(at, this.name, message, 'add them to directors:, or leave them out')];
  },
};
