import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** An address that has to be on an interface now; that it is there after a boot is the business of a unit. */
export interface AddressResource {
  readonly kind: 'address';
  readonly interface: string;
  readonly address: string;
  /** Prefix length. */
  readonly prefix: number;
}

/** Prefix length by which the address was seen on the interface, or that it is not there. */
export type AddressState = { readonly prefix: number } | 'absent';

/** What `ip -j addr` prints, as far as it is used. */
interface IpLink {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

/** Addresses, by one `ip -j addr` for all. */
export const address: Kind<AddressResource, AddressState> = {
  kind: 'address',
  name: (resource) => `${resource.address}/${resource.prefix} on ${resource.interface}`,

  probe: (_resources, { askIp }) => askIp('addr show'),

  read(output, resources) {
    const links = JSON.parse(output) as readonly IpLink[];
    return new Map(
      resources.map((resource) => {
        const found = links
          .find((link) => link.ifname === resource.interface)
          ?.addr_info.find((info) => info.local === resource.address);
        return [address.name(resource), found?.prefixlen === undefined ? 'absent' : { prefix: found.prefixlen }];
      }),
    );
  },

  change(resource, observed = 'absent') {
    const wished = `${quote(`${resource.address}/${resource.prefix}`)} dev ${quote(resource.interface)}`;
    const step = { resource: ref('address', address.name(resource)), sh: `ip addr replace ${wished}` } as const;
    if (observed === 'absent') {
      return [{ ...step, action: 'create', summary: 'add', impact: 'none', undo: taken(wished) }];
    }
    if (observed.prefix === resource.prefix) return [];
    const old = `${quote(`${resource.address}/${observed.prefix}`)} dev ${quote(resource.interface)}`;
    return [
      {
        ...step,
        action: 'update',
        summary: `prefix /${observed.prefix} → /${resource.prefix}`,
        impact: 'interrupt',
        ...(resource.address.includes(':')
          ? // An IPv6 address is on an interface once, whatever its prefix: to remove the old one afterwards would remove it.
            { sh: `ip addr del ${old}\nip addr replace ${wished}`, undo: `${taken(wished)}\nip addr replace ${old}` }
          : { sh: `ip addr replace ${wished}\nip addr del ${old}`, undo: `ip addr replace ${old}\n${taken(wished)}` }),
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'absent') }),

  remove(resource, observed = 'absent', before = 'absent', context) {
    if (before !== 'absent') return address.change({ ...resource, prefix: before.prefix }, observed, context);
    if (observed === 'absent') return [];
    const where = `${quote(`${resource.address}/${observed.prefix}`)} dev ${quote(resource.interface)}`;
    return [
      {
        resource: ref('address', address.name(resource)),
        action: 'delete',
        summary: 'take away',
        impact: 'interrupt',
        sh: taken(where),
        undo: `ip addr replace ${where}`,
      },
    ];
  },
};

/** Removes an address that may have been added or not. */
function taken(where: string): string {
  return `ip addr del ${where} 2>/dev/null || :`;
}
