/** Something that an inventory cannot say, or that a person has to decide. */
export interface Left {
  /** `file:line`, or the file. */
  readonly place: string;
  /** What stands there. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A part of the inventory as it will be written: plain data in the order in which it was found. */
export type Entry = Record<string, unknown>;

/** What a virtual server is: an address and a port, or a firewall mark. */
export type VirtualEnd = { readonly vip: string; readonly port: number } | { readonly mark: number };

/** An inventory that is being put together from what was found elsewhere. */
export class Draft {
  cluster = 'imported';
  /** By name; `{}` where nothing but the name is known. */
  readonly hosts = new Map<string, Entry>();
  readonly groups = new Map<string, Entry>();
  /** Keys at the top: `ssh`, `become`, `vars`, … */
  readonly top: Entry = {};
  readonly directors: string[] = [];
  readonly vrrp = new Map<string, Entry>();
  /** A list of instances, or a map with what else there is. */
  readonly syncGroups = new Map<string, unknown>();
  readonly services = new Map<string, Entry>();
  /** Files that checks watch, by the name of their block. */
  readonly files = new Map<string, string>();
  /** What trackers watch, by the name of their block. */
  readonly trackers = new Map<string, Entry>();
  /** BFD sessions by the name of their block: their neighbor and settings. */
  readonly sessions = new Map<string, { readonly neighbor: string; readonly settings: Entry }>();
  /** The ends of groups of virtual servers, by the name of the group. */
  readonly ends = new Map<string, readonly VirtualEnd[]>();
  /** The user that keepalived runs scripts as, if that was said. */
  scriptUser: string | undefined;
  readonly left: Left[] = [];
  readonly #byAddress = new Map<string, string>();
  /** Addresses of hosts that have one of the family already. */
  readonly #further: (readonly [name: string, address: string])[] = [];

  /** Notes what is not carried over. */
  leave(place: string, found: string, remedy: string): void {
    this.left.push({ place, found, remedy });
  }

  /** Does something without noting what is left: it was noted before. */
  quietly<T>(work: () => T): T {
    const before = this.left.length;
    const done = work();
    this.left.splice(before);
    return done;
  }

  /** The entry of a host, made if it is new. */
  host(name: string): Entry {
    const known = this.hosts.get(name);
    if (known) return known;
    const made: Entry = {};
    this.hosts.set(name, made);
    return made;
  }

  /** Gives a host an address; the first of each family counts. */
  address(name: string, address: string): void {
    const host = this.host(name);
    const key = address.includes(':') && host['address'] !== undefined ? 'address6' : 'address';
    this.#byAddress.set(bare(address), name);
    if (host[key] === undefined) host[key] = address;
    else if (host[key] !== address) this.#further.push([name, address]);
  }

  /** The host that has an address: a known one, else the one of the name wished, which may have other addresses, else `rs1`, `rs2`, … */
  hostAt(address: string, wish: string | undefined): string {
    const known = this.#byAddress.get(bare(address));
    if (known !== undefined) return known;
    const name = wish !== undefined && isName(wish) ? wish : this.#fresh();
    this.address(name, address);
    return name;
  }

  /** Lists the addresses that are on NICs which nothing names. */
  leaveFurther(): void {
    for (const [name, address] of this.#further) {
      this.leave(name, address, 'is a further address of this host: write it under interfaces, with its NIC');
    }
  }

  #fresh(): string {
    for (let number = 1; ; number += 1) if (!this.hosts.has(`rs${number}`)) return `rs${number}`;
  }
}

/** Whether a text can be the name of a host, service, instance or group: 1 to 63 characters of schema/text.ts. */
export function isName(text: string): boolean {
  return (
    /^(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text) &&
    !['all', 'operator', 'ungrouped'].includes(text) &&
    !(text in {})
  );
}

/** The nearest name to a text that is not in use. */
export function nameFor(text: string, taken: { has(name: string): boolean }): string {
  const cleaned = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, 50);
  const base = isName(cleaned) ? cleaned : `x${cleaned === '' ? '' : `-${cleaned}`}`;
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}

/** Puts a value at a path of keys separated by dots. */
export function put(entry: Entry, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = entry;
  for (const key of keys) at = (at[key] ??= {}) as Entry;
  at[last] = value;
}

/** Takes away what is at a path of keys separated by dots, and the maps that are empty then. */
export function drop(entry: Entry, path: string): void {
  const [key = '', ...rest] = path.split('.');
  const inner = entry[key];
  if (rest.length > 0 && isEntry(inner)) drop(inner, rest.join('.'));
  if (rest.length === 0 || (isEntry(inner) && Object.keys(inner).length === 0)) Reflect.deleteProperty(entry, key);
}

/** Whether something is a map. */
export function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bare(address: string): string {
  return address.replace(/\/\d+$/, '').toLowerCase();
}
