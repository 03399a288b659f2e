import { type PlacedVip, placedVips } from '../../forwarding/placed-vip.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Observation } from '../../observe/observe.ts';
import type { SysctlState } from '../../resources/sysctl.ts';
import { ref } from '../../resources/resource.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { judged, realServerHosts } from '../scope.ts';

/** A real server of DR or TUN has the VIP, on no NIC, and its kernel keeps silent about it: read with the observation, it costs nothing more. */
export const realServerArp: Check = {
  name: 'real-server-arp',
  severity: 'critical',
  proves: 'DR, TUN: each real server has the VIP on its device, and keeps quiet about it',
  why: 'A real server that answers ARP for the VIP takes the traffic away from the director; one without the VIP drops what it is sent.',
  runs: 'each real server: `ip -o addr show`, `sysctl net.ipv4.conf.*.arp_ignore` and `arp_announce`',
  reads: 'the kernel goes by the greater of `all` and the device: arp_ignore 1 or more, arp_announce 2',
  mend: '`lvsctl apply`; if it comes back, another file below /etc/sysctl.d is read later',

  section: () => undefined,

  judge: ({ cluster, observations }) =>
    realServerHosts(cluster).flatMap((host) => {
      const observation = observations.get(host.name);
      if (!observation) return [];
      const vips = placedVips(cluster, host.name);
      return [
        ...(vips.some(({ family }) => family === 4) ? arpSettings(host, observation) : []),
        ...vips.map((vip) => judgeVip(host, observation, vip, vips, cluster.directors.includes(host.name))),
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

function judgeVip(
  { name }: Host,
  { facts }: Observation,
  { address: vip, family, device }: PlacedVip,
  all: readonly PlacedVip[],
  isDirector: boolean,
): Finding {
  const prefix = family === 4 ? 32 : 128;
  const places = facts.addresses.filter(({ address }) => address === vip);
  const isThere = places.some((one) => one.interface === device && one.prefix === prefix);
  const devices = new Set(all.filter(({ address }) => address === vip).map((one) => one.device));
  // On a card it would be answered for by ARP, unless this is a director that holds it.
  const elsewhere = !isDirector && places.some((one) => !devices.has(one.interface));
  return {
    check: 'real-server-arp',
    where: name,
    status: judged(isThere && !elsewhere),
    title: `VIP ${vip} is on ${device}`,
    expected: `${vip}/${prefix} on ${device}${isDirector ? '' : ', and on no NIC'}`,
    seen:
      places.map((one) => `${one.address}/${one.prefix} on ${printableLine(one.interface)}`).join(', ') ||
      `${vip} is on no interface`,
    look: `ip -br address show to ${vip}`,
  };
}
