import { quote } from '../ssh/quote.ts';
import { ref, type Kind, type Step } from './resource.ts';

/** A network device that has to be there and up now; that it is after a boot is the business of a unit. */
export interface LinkResource {
  readonly kind: 'link';
  readonly interface: string;
  /** `dummy`: it is made, ip-link(8). `brought`: a kernel module brings it, and it has only to be up. */
  readonly type: 'dummy' | 'brought';
}

/** What was seen of a device; `type` is undefined for one that is no virtual device, or of a kind without a name. */
export type LinkState = 'absent' | { readonly up: boolean; readonly type: string | undefined };

/** What `ip -d -j link` prints, as far as it is used. */
interface IpLink {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
}

/** Devices, by one `ip -d -j link` for all. */
export const link: Kind<LinkResource, LinkState> = {
  kind: 'link',
  name: (resource) => resource.interface,

  probe: (_resources, { askIp }) => askIp('-d link show'),

  read(output, resources) {
    const links = new Map((JSON.parse(output) as readonly IpLink[]).map((one) => [one.ifname, one]));
    return new Map(
      resources.map((resource) => {
        const found = links.get(resource.interface);
        const state: LinkState =
          found === undefined ? 'absent' : { up: found.flags.includes('UP'), type: found.linkinfo?.info_kind };
        return [resource.interface, state];
      }),
    );
  },

  change(resource, observed = 'absent') {
    const device = quote(resource.interface);
    const step = { resource: ref('link', resource.interface), impact: 'none' } as const;
    const up = `ip link set dev ${device} up`;
    const down = `ip link set dev ${device} down`;
    if (observed === 'absent') {
      return resource.type === 'dummy'
        ? [
            {
              ...step,
              action: 'create',
              summary: 'dummy device, up',
              // The module may have brought it by then, as it does for dummy0 where no option forbids it.
              sh: `ip link show dev ${device} >/dev/null 2>&1 || ip link add dev ${device} type dummy\n${up}`,
              undo: `ip link del dev ${device} 2>/dev/null || :`,
            },
          ]
        : [
            {
              ...step,
              action: 'update',
              summary: 'up, once its module is there',
              sh: up,
              undo: `${down} 2>/dev/null || :`,
            },
          ];
    }
    if (resource.type === 'dummy' && observed.type !== 'dummy') return [inTheWay(resource, observed.type)];
    return observed.up ? [] : [{ ...step, action: 'update', summary: 'down → up', sh: up, undo: down }];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'absent') }),

  remove(resource, observed = 'absent', before = 'absent') {
    if (observed === 'absent' || (before !== 'absent' && before.up === observed.up)) return [];
    const device = quote(resource.interface);
    const step = { resource: ref('link', resource.interface), impact: 'interrupt' } as const;
    if (before === 'absent' && resource.type === 'dummy') {
      const again = `ip link add dev ${device} type dummy\nip link set dev ${device} up`;
      const sh = `ip link del dev ${device} 2>/dev/null || :`;
      return [{ ...step, action: 'delete', summary: 'remove the dummy device', sh, undo: again }];
    }
    if (!observed.up) return [];
    // The device itself goes with its module, which may have been unloaded by then.
    const sh = `ip link set dev ${device} down 2>/dev/null || :`;
    return [{ ...step, action: 'update', summary: 'up → down', sh, undo: `ip link set dev ${device} up` }];
  },
};

function inTheWay(resource: LinkResource, type: string | undefined): Step {
  const what = `${resource.interface} is there and is ${type === undefined ? 'no dummy' : `a ${type}`} device: give the dummy device another name`;
  return {
    resource: ref('link', resource.interface),
    action: 'update',
    summary: what,
    impact: 'none',
    sh: `echo ${quote(what)}\nfalse`,
    undo: ':',
  };
}
