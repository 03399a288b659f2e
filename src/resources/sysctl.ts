import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A kernel parameter as it has to be now; that it stays so after a boot is the business of a file in /etc/sysctl.d. */
export interface SysctlResource {
  readonly kind: 'sysctl';
  /** As in sysctl(8): `net.ipv4.conf.eth0.arp_ignore`. */
  readonly key: string;
  readonly value: string;
}

/** What was read. `effective` differs from `own` where the kernel takes the greater of `all` and the interface. */
export interface SysctlState {
  readonly own: string;
  readonly effective: string;
}

/**
 * For these the kernel takes max(conf/all, conf/INTERFACE): Documentation/networking/ip-sysctl.rst, `arp_ignore`,
 * `arp_announce`, `rp_filter`.
 */
const maximum = /^(net\.ipv4\.conf\.)(?!all\.|default\.)(.+)\.(arp_ignore|arp_announce|rp_filter)$/;

/** The file under /proc/sys for a key: dots and slashes change places, as sysctl(8) has it. */
export function sysctlFile(key: string): string {
  return key.replace(/[./]/g, (character) => (character === '.' ? '/' : '.'));
}

/** The key whose value counts as well, where the kernel takes the greater of two. */
function allKey(key: string): string | undefined {
  const [, prefix, , parameter] = maximum.exec(key) ?? [];
  return prefix === undefined || parameter === undefined ? undefined : `${prefix}all.${parameter}`;
}

/** Kernel parameters, read by one grep(1) for all and written by the shell itself, under /proc/sys. */
export const sysctl: Kind<SysctlResource, SysctlState> = {
  kind: 'sysctl',
  name: (resource) => resource.key,

  probe(resources) {
    const keys = new Set(resources.flatMap(({ key }) => [key, allKey(key)].filter((one) => one !== undefined)));
    const list = [...keys].map((key) => quote(`/proc/sys/${sysctlFile(key)}`)).join(' ');
    // The shell's read takes a byte at a time, and these files give only the first one that way.
    return `grep -s '' /dev/null ${list}`;
  },

  read(output, resources) {
    const values = new Map<string, string>();
    for (const line of output.split('\n')) {
      const [, path, value] = /^\/proc\/sys\/([^:]+):(.*)$/.exec(line) ?? [];
      if (path !== undefined && value !== undefined) values.set(path, words(value));
    }
    const states = new Map<string, SysctlState>();
    for (const { key } of resources) {
      const own = values.get(sysctlFile(key));
      if (own === undefined) continue;
      const all = allKey(key);
      const other = all === undefined ? undefined : values.get(sysctlFile(all));
      states.set(key, { own, effective: other === undefined ? own : String(Math.max(Number(own), Number(other))) });
    }
    return states;
  },

  change(resource, observed, context) {
    const wished = words(resource.value);
    const all = allKey(resource.key);
    // What is in force now says nothing when `all` changes before it.
    const counts = all !== undefined && context.changed(ref('sysctl', all)) ? observed?.own : observed?.effective;
    if (counts === wished) return [];
    const path = quote(`/proc/sys/${sysctlFile(resource.key)}`);
    const was = observed
      ? `${observed.own}${observed.own === observed.effective ? '' : ` (effective ${observed.effective})`}`
      : 'not there yet';
    return [
      {
        resource: ref('sysctl', resource.key),
        action: observed ? 'update' : 'create',
        summary: `${was} → ${wished}`,
        impact: 'none',
        sh: `echo ${quote(wished)} >${path}`,
        undo: observed ? `echo ${quote(observed.own)} >${path}` : ':',
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : observed }),

  remove(resource, observed, before) {
    // A key that was not there before goes with the module that brought it.
    if (observed === undefined || before === undefined || observed.own === before.own) return [];
    const path = quote(`/proc/sys/${sysctlFile(resource.key)}`);
    return [
      {
        resource: ref('sysctl', resource.key),
        action: 'update',
        summary: `${observed.own} → ${before.own}, as it was`,
        impact: 'none',
        // Its interface may be gone by then.
        sh: `[ ! -e ${path} ] || echo ${quote(before.own)} >${path}`,
        undo: `[ ! -e ${path} ] || echo ${quote(observed.own)} >${path}`,
      },
    ];
  },
};

function words(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}
