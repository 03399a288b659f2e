import type { Host } from '../inventory/cluster.ts';
import type { Facts } from '../observe/facts.ts';
import type { Observation } from '../observe/observe.ts';
import { familyOf, platforms } from '../platform/index.ts';
import { isAtLeast, upstream } from '../keepalived/versions.ts';
import type { KernelModuleState } from '../resources/kernel-module.ts';
import type { PackageState } from '../resources/package.ts';
import { ref } from '../resources/resource.ts';
import type { DesiredHost } from '../roles/index.ts';

/** Something about a host that makes a plan for it pointless. */
export interface PreflightProblem {
  readonly host: string;
  readonly detail: string;
  readonly hint: string;
}

/** What must be true of a host before anything is planned for it. */
export function preflight(
  desired: DesiredHost,
  { facts, states }: Pick<Observation, 'facts' | 'states'>,
): PreflightProblem[] {
  const { host } = desired;
  return [
    ...privileges(host, facts),
    ...system(host, facts),
    ...networkInterface(desired, facts),
    ...kernelModules(desired, facts, states),
    ...keepalivedVersion(desired, states),
  ];
}

function privileges(host: Host, { uid }: Facts): PreflightProblem[] {
  if (uid === 0) return [];
  return [
    {
      host: host.name,
      detail: `logged in with user id ${uid}, which is not root`,
      hint: 'set "become: sudo" for this host, or log in as root',
    },
  ];
}

function system(host: Host, { system: found }: Facts): PreflightProblem[] {
  const family = familyOf(found);
  if (family === host.platform) return [];
  const name = found.id === '' ? 'an unknown system' : `${found.id} ${found.version}`.trim();
  return [
    {
      host: host.name,
      detail: `runs ${name}, which is not of platform ${host.platform}`,
      hint:
        family === undefined
          ? `the platforms are ${Object.keys(platforms).join(', ')}; docs/platforms.md says what each needs`
          : `set "platform: ${family}" for this host, its group or at the top`,
    },
  ];
}

function networkInterface({ host, roles }: DesiredHost, { addresses }: Facts): PreflightProblem[] {
  if (!roles.includes('director') && !roles.includes('real-server')) return [];
  return host.addresses.flatMap((wished) => {
    const seen = addresses.filter(({ address }) => address === wished.address);
    if (seen.some((one) => one.interface === wished.interface)) return [];
    const [elsewhere] = seen;
    return [
      elsewhere
        ? {
            host: host.name,
            detail: `has its address ${wished.address} on ${elsewhere.interface}, not on ${wished.interface}`,
            hint: `set "interface: ${elsewhere.interface}" for this host`,
          }
        : {
            host: host.name,
            detail: `does not have the address ${wished.address} that the inventory gives it`,
            hint: `it has ${addresses.map((one) => `${one.address} (${one.interface})`).join(', ') || 'none at all'}`,
          },
    ];
  });
}

/** A kernel without a module cannot be talked into it, so nothing is begun. */
function kernelModules(
  { host, resources }: DesiredHost,
  { kernel }: Facts,
  states: Observation['states'],
): PreflightProblem[] {
  return resources.flatMap(({ ref, resource }) => {
    const state = states.get(ref) as KernelModuleState | undefined;
    if (resource.kind !== 'kernel-module' || typeof state !== 'object') return [];
    const { module, neededBy } = resource;
    const need = neededBy === undefined ? '' : `, which ${neededBy} needs`;
    const similar = state.similar.map((one) => one.slice(module.lastIndexOf('_') + 1));
    return [
      {
        host: host.name,
        detail: `its kernel ${kernel} has no module ${module}${need}`,
        hint:
          similar.length === 0
            ? 'install the rest of its modules (linux-modules-extra on Ubuntu, kernel-modules-extra on RHEL), or another kernel'
            : `of that sort it has ${similar.join(', ')}`,
      },
    ];
  });
}

/** The installed keepalived counts, or the one that would be installed; when neither is known, its own test says on apply. */
function keepalivedVersion({ host, needs }: DesiredHost, states: Observation['states']): PreflightProblem[] {
  const packages = states.get(ref('package', 'all')) as PackageState | undefined;
  const installed = packages?.installed.get('keepalived');
  const found = installed ?? packages?.candidates.get('keepalived');
  if (found === undefined) return [];
  const version = upstream(found);
  return needs
    .filter(({ feature }) => !isAtLeast(version, feature.since))
    .map(({ feature: { name, keyword, since }, path }) => ({
      host: host.name,
      detail: `${installed === undefined ? 'would get' : 'has'} keepalived ${version}, which has no ${name} (${keyword}): ${path.join('.')}`,
      hint: `keepalived ${since} and newer have it; take it out of the inventory, or give the host a newer package`,
    }));
}
