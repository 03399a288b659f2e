import { problemAt } from '../problem.ts';
import type { CheckKind, HealthCheck, Protocol } from '../cluster.ts';
import type { Rule } from './rule.ts';

/** What a checker speaks; undefined: nothing that the service would have to answer. */
const speaks: Readonly<Record<CheckKind['type'], Protocol | undefined>> = {
  tcp: 'TCP',
  http: 'TCP',
  https: 'TCP',
  smtp: 'TCP',
  dns: 'UDP',
  udp: 'UDP',
  ping: undefined,
  file: undefined,
  bfd: undefined,
  misc: undefined,
};

/** Checkers that a server of the other protocol answers too, on the same port: DNS, and what says so by `tcp: true`. */
const either: readonly CheckKind['type'][] = ['dns', 'tcp'];

/** keepalived checks the port of the real server, whatever the protocol of the service. */
export const checkFitsProtocol: Rule = {
  name: 'check-fits-protocol',
  why: 'a check that nobody answers takes every real server out',
  check(cluster, place) {
    return cluster.services.flatMap(({ name, protocol, checks, realServers }) => {
      const all = [
        ...checks.map((its, n) => ({ its, path: ['check', n] })),
        ...realServers.flatMap((server, at) =>
          (server.checks ?? []).map((its, n) => ({ its, path: ['realServers', at, 'check', n] })),
        ),
      ];
      return all.flatMap(({ its, path }) => {
        if (fits(its, protocol)) return [];
        const { type } = its.kind;
        const message = `${name} is ${protocol}, and a check by ${type} asks by ${speaks[type] ?? 'nothing'}`;
        const hint = `add the port that answers it, or check by ${protocol === 'UDP' ? 'dns, udp, ping or misc' : 'ping or misc'}`;
        return [problemAt(place(['services', name, ...path, type]), this.name, message, hint)];
      });
    });
  },
};

function fits({ kind, port, address }: HealthCheck, protocol: Protocol): boolean {
  const spoken = speaks[kind.type];
  if (spoken === undefined || spoken === protocol || port !== undefined || address !== undefined) return true;
  return protocol !== 'SCTP' && either.includes(kind.type);
}
