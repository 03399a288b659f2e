import type { NginxSite } from '../cluster.ts';
import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** nginx tells the sites of a port apart by their server names; one without names takes what no other does. */
export const sitePortCollision: Rule = {
  name: 'site-port-collision',
  why: 'of two sites with one port and name nginx serves the first and ignores the second',
  check(cluster, place) {
    const before: NginxSite[] = [];
    return cluster.sites.flatMap((site) => {
      const [clash] = before.flatMap((other) => {
        const host = site.hosts.find((name) => other.hosts.includes(name));
        if (host === undefined || other.port !== site.port) return [];
        const isTls = (one: NginxSite): boolean => one.tls !== undefined;
        const what = isTls(site) === isTls(other) ? sharedName(site, other) : 'one of them by TLS';
        return what === undefined ? [] : [{ host, other, what }];
      });
      before.push(site);
      if (clash === undefined) return [];
      const { host, other, what } = clash;
      const message = `${site.name} and ${other.name} both listen on port ${site.port} of ${host}, ${what}`;
      const hint = 'give one of them another port:, or each its serverNames:';
      return [problemAt(place(['nginx', site.name, 'port']), this.name, message, hint)];
    });
  },
};

function sharedName(one: NginxSite, other: NginxSite): string | undefined {
  if (one.serverNames.length === 0 && other.serverNames.length === 0) return 'for any name';
  const name = one.serverNames.find((own) => other.serverNames.includes(own));
  return name === undefined ? undefined : `for ${name}`;
}
