import type { Cluster } from '../../inventory/cluster.ts';
import type { PackageState } from '../../resources/package.ts';
import { ref } from '../../resources/resource.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { judged, observed } from '../scope.ts';

/** Hosts that stand in for each other run the same versions: read with the observation, it costs nothing more. */
export const peersAlike: Check = {
  name: 'peers-alike',
  severity: 'warning',
  proves: 'directors, and the real servers of a service, run the same kernel and the same versions of their packages',
  why: 'A failover to another version behaves in another way, and nobody knows until then.',
  runs: 'every host: `uname -r` and the package manager, with the observation',
  reads: 'each version, and the hosts that run it',
  mend: 'bring the hosts to the same versions, one after the other, with `lvsctl drain` for real servers; reboot into the newer kernel',

  section: () => undefined,

  judge: (evidence) =>
    groups(evidence.cluster).flatMap(({ title, hosts }) => {
      const names = observed(evidence, hosts);
      return names.length < 2 ? [] : [judgeGroup(evidence, title, names)];
    }),
};

function groups({ directors, services }: Cluster): { title: string; hosts: string[] }[] {
  const behind = services.map(({ name, realServers }) => ({
    title: `the real servers of ${name}`,
    hosts: [...new Set(realServers.map(({ host }) => host))],
  }));
  return [{ title: 'the directors', hosts: [...directors] }, ...behind];
}

function judgeGroup({ observations, cluster }: Evidence, title: string, names: readonly string[]): Finding {
  const versions = new Map<string, Map<string, string[]>>();
  const add = (what: string, version: string, host: string): void => {
    const its = versions.get(what) ?? new Map<string, string[]>();
    its.set(version, [...(its.get(version) ?? []), host]);
    versions.set(what, its);
  };
  for (const name of names) {
    const one = observations.get(name);
    add('kernel', one?.facts.kernel ?? '', name);
    const installed = (one?.states.get(ref('package', 'all')) as PackageState | undefined)?.installed ?? [];
    for (const [what, version] of installed) add(what, version, name);
  }
  const differing = [...versions].filter(([, its]) => its.size > 1);
  return {
    check: 'peers-alike',
    where: cluster.name,
    status: judged(differing.length === 0),
    title: `${title} run the same versions`,
    expected: 'one version of each',
    seen:
      differing.length === 0
        ? 'one version of each'
        : differing
            .map(
              ([what, its]) => `${what}: ${[...its].map(([its, hosts]) => `${its} on ${hosts.join(', ')}`).join('; ')}`,
            )
            .map((line) => printableLine(line))
            .join('\n'),
    look: `lvsctl facts ${names.join(',')}`,
  };
}
