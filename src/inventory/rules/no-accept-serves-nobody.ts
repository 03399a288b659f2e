import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** keepalived.conf(5) no_accept: what is sent to the VIPs is dropped, before IPVS can see it. */
export const noAcceptServesNobody: Rule = {
  name: 'no-accept-serves-nobody',
  why: 'a service on a VIP that takes no packets answers nobody',
  check(cluster, place) {
    return cluster.vrrp.flatMap(({ name, accept, vips }) => {
      const held = new Set(vips.map(({ address }) => address));
      const service = cluster.services.find(({ vip }) => held.has(vip));
      if (accept || service === undefined) return [];
      const message = `${name} takes no packets for its VIPs, and ${service.name} is a service on ${service.vip}`;
      return [problemAt(place(['vrrp', name, 'accept']), this.name, message, 'take accept: false out')];
    });
  },
};
