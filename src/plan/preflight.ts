import type { Host } from '../inventory/cluster.ts';
import type { Facts } from '../observe/facts.ts';
import { familyOf, platforms } from '../platform/index.ts';
import type { DesiredHost } from '../roles/index.ts';

/** Something about a host that makes a plan for it pointless. */
export interface PreflightProblem {
  readonly host: string;
  readonly detail: string;
  readonly hint: string;
}

/** What must be true of a host before anything is planned for it. */
export function preflight(desired: DesiredHost, facts: Facts): PreflightProblem[] {
  const { host } = desired;
  return [...privileges(host, facts), ...system(host, facts), ...networkInterface(desired, facts)];
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
