import type { Host } from '../../inventory/cluster.ts';
import type { Observation } from '../../observe/observe.ts';
import type { SysctlState } from '../../resources/sysctl.ts';
import { ref } from '../../resources/resource.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { judged, realServerHosts, servedBy } from '../scope.ts';

/** A real server has the VIP, on `lo`, and its kernel keeps silent about it: read with the observation, it costs nothing more. */
export const realServerArp: Check = {
  name: 'real-server-arp',
  why: 'A real server that answers ARP for the VIP takes the traffic away from the director; one without the VIP drops what it is sent.',

  section: () => undefined,

  judge: ({ cluster, observations }) =>
    realServerHosts(cluster).flatMap((host) => {
      const observation = observations.get(host.name);
      if (!observation) return [];
      const served = servedBy(cluster, host.name);
      const vips = [...new Set(served.map(({ vip }) => vip))];
      return [
        ...(served.some(({ family }) => family === 4) ? arpSettings(host, observation) : []),
        ...vips.map((vip) => vipOnLoopback(host, observation, vip, cluster.directors.includes(host.name))),
      ];
    }),
};

/** The kernel goes by the greater of `all` and the interface, ip-sysctl.rst; ARP is IPv4's alone. */
function arpSettings(host: Host, { states }: Observation): Finding[] {
  const wishes = [
    { parameter: 'arp_ignore', expected: '1 or more', right: (value: number) => value >= 1 },
    { parameter: 'arp_announce', expected: '2', right: (value: number) => value === 2 },
  ];
  return wishes.map(({ parameter, expected, right }): Finding => {
    const key = `net.ipv4.conf.${host.interface}.${parameter}`;
    const state = states.get(ref('sysctl', key)) as SysctlState | undefined;
    return {
      check: 'real-server-arp',
      where: host.name,
      status: state === undefined ? 'unknown' : judged(right(Number(state.effective))),
      title: `${parameter} is in force on ${host.interface}`,
      expected: `effective value ${expected}`,
      seen: state === undefined ? `${key} could not be read` : `effective value ${printableLine(state.effective)}`,
      look: `sysctl net.ipv4.conf.all.${parameter} ${key}`,
    };
  });
}

function vipOnLoopback({ name }: Host, { facts }: Observation, vip: string, isDirector: boolean): Finding {
  const prefix = vip.includes(':') ? 128 : 32;
  const places = facts.addresses.filter(({ address }) => address === vip);
  const onLoopback = places.some((one) => one.interface === 'lo' && one.prefix === prefix);
  // On a card it would be answered for by ARP, unless this is a director that holds it.
  const elsewhere = !isDirector && places.some((one) => one.interface !== 'lo');
  return {
    check: 'real-server-arp',
    where: name,
    status: judged(onLoopback && !elsewhere),
    title: `VIP ${vip} is on lo`,
    expected: `${vip}/${prefix} on lo${isDirector ? '' : ', and on no other interface'}`,
    seen:
      places.map((one) => `${one.address}/${one.prefix} on ${printableLine(one.interface)}`).join(', ') ||
      `${vip} is on no interface`,
    look: `ip -br address show to ${vip}`,
  };
}
