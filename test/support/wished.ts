import type { Observation } from '../../src/observe/observe.ts';
import type { Resource } from '../../src/resources/index.ts';
import type { DesiredHost } from '../../src/roles/index.ts';
import { makeObservation } from './cluster.ts';

/** What a kind's `read` gives for a resource that is just as wished. */
export function wishedState(resource: Resource): unknown {
  switch (resource.kind) {
    case 'address':
      return { prefix: resource.prefix };
    case 'directory':
      return { state: 'directory', mode: resource.mode ?? '0755' };
    case 'export':
      return ['wdelay', ...resource.options, 'sec=sys'];
    case 'file': {
      const { mode, owner, group } = resource;
      return resource.content === undefined
        ? { state: 'absent' }
        : { state: 'file', mode, owner, group, content: undefined };
    }
    case 'firewall-opening':
      return { now: true, atBoot: true };
    case 'selinux-boolean':
      return 'on';
    case 'link':
      return { up: true, type: resource.type === 'dummy' ? 'dummy' : 'ipip' };
    case 'receive-port':
      return 'open';
    case 'route':
      return [{ line: '', gateway: resource.gateway, interface: resource.interface, metric: 0 }];
    case 'routing-rule':
      return 'present';
    case 'segment-size':
      return [{ line: 'default via 10.77.0.1 dev eth0', most: resource.most }];
    case 'kernel-module':
      return 'loaded';
    case 'masked-unit':
      return { masked: true, active: false };
    case 'mount':
      return {
        mounted: { source: resource.source, type: 'nfs4', options: 'rw' },
        fstab: `${resource.source} ${resource.path} ${resource.type} ${resource.options.join(',')} 0 0`,
      };
    case 'package':
      return { installed: new Map(resource.present.map((name) => [name, '1.0'])), candidates: new Map() };
    case 'packet-marks':
      return 'set';
    case 'service':
      return { loaded: true, active: 'active', enabled: true, owed: [] };
    case 'sysctl':
      return { own: resource.value, effective: resource.value };
  }
}

/** A host that is just as wished, but for the states given. */
export function asWished(
  desired: DesiredHost,
  but: Readonly<Record<string, unknown>> = {},
  facts: Partial<Observation['facts']> = {},
): Observation {
  const states = desired.resources.map(({ ref, resource }) => [ref, wishedState(resource)] as const);
  for (const ref of Object.keys(but)) {
    if (!states.some(([one]) => one === ref)) throw new Error(`${desired.host.name} has no resource ${ref}`);
  }
  return makeObservation(
    desired.host.name,
    states.map(([ref, state]) => [ref, ref in but ? but[ref] : state] as const),
    facts,
  );
}
