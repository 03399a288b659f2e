import { tunnelEnds } from '../../forwarding/tunnel-end.ts';
import type { Observation } from '../../observe/observe.ts';
import { ref } from '../../resources/resource.ts';
import type { SysctlState } from '../../resources/sysctl.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { judged, realServerHosts } from '../scope.ts';

/** What comes out of a tunnel is not dropped for its source: read with the observation, it costs nothing more. */
export const tunnelReversePath: Check = {
  name: 'tunnel-reverse-path',
  severity: 'critical',
  proves: 'TUN: what comes out of the tunnel is not dropped for its source',
  why: 'Strict reverse path filtering drops whatever comes out of a tunnel, silently, while the health check passes.',
  runs: 'each real server behind a tunnel: `sysctl net.ipv4.conf.*.rp_filter`',
  reads: 'the kernel goes by the greater of `all` and the device; 1 drops',
  mend: 'set `net.ipv4.conf.all.rp_filter` to 0 or 2 also in the files of the distribution; `lvsctl apply`',

  section: () => undefined,

  judge: ({ cluster, observations }) =>
    realServerHosts(cluster).flatMap(({ name }) => {
      const observation = observations.get(name);
      const ends = tunnelEnds(cluster, name).filter(({ family }) => family === 4);
      if (!observation) return [];
      return [...new Set(ends.map(({ device }) => device))].map((device) => judgeDevice(name, device, observation));
    }),
};

/** The kernel goes by the greater of `all` and the device's own value; 1 is strict, 2 loose (ip-sysctl.rst, rp_filter). */
function judgeDevice(where: string, device: string, { states }: Observation): Finding {
  const key = `net.ipv4.conf.${device}.rp_filter`;
  const state = states.get(ref('sysctl', key)) as SysctlState | undefined;
  return {
    check: 'tunnel-reverse-path',
    where,
    status: state === undefined ? 'unknown' : judged(Number(state.effective) !== 1),
    title: `${device} takes packets whatever way their source is reached`,
    expected: 'an effective rp_filter other than 1',
    seen: state === undefined ? `${key} could not be read` : `effective value ${printableLine(state.effective)}`,
    look: `sysctl net.ipv4.conf.all.rp_filter ${key}`,
  };
}
