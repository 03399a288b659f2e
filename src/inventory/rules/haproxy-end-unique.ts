import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** A VIP and port belong to one virtual service or one listener: IPVS takes packets before any program sees them. */
export const haproxyEndUnique: Rule = {
  name: 'haproxy-end-unique',
  why: 'what IPVS balances never comes to HAProxy',
  check({ haproxy, services }, place) {
    return (haproxy?.listeners ?? []).flatMap(({ name, vip, port }) => {
      const service = services.find((one) => one.vip === vip && one.port === port && one.protocol === 'TCP');
      if (service === undefined) return [];
      const message = `${vip} port ${port} is that of the service ${service.name} too`;
      return [
        problemAt(
          place(['haproxy', 'listeners', name, 'port']),
          this.name,
          message,
          'give one of them another port or VIP',
        ),
      ];
    });
  },
};
