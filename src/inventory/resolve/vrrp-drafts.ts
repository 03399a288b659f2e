import { linkTo, readIp } from '../address.ts';
import type { Family, Host, VirtualService } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';

type WrittenInstance = NonNullable<Written['vrrp']>[string];

/** An instance with its VIPs, before numbers are dealt out. */
export interface Draft {
  readonly name: string;
  /** The key it was written under; undefined for one that is there by default. */
  readonly key: string | undefined;
  readonly written: WrittenInstance;
  readonly family: Family;
  readonly vips: readonly DraftAddress[];
}

/** A VIP and what is written about it. */
export interface DraftAddress {
  readonly address: string;
  readonly family: Family;
  readonly prefix?: number | undefined;
  readonly interface?: string | undefined;
  readonly label?: string | undefined;
}

/** Which VIPs go into which instance: those that it names, and for one that names none all that are left. */
export function draftsOf(
  written: Written,
  services: readonly VirtualService[],
  directors: readonly Host[],
  context: Context,
): Draft[] {
  const entries = Object.entries(written.vrrp ?? {});
  const claimed = new Map<string, DraftAddress[]>();
  for (const [name, { vips }] of entries) if (vips !== undefined) claimed.set(name, readVips(vips, name, context));
  const named = new Set([...claimed.values()].flat().map(({ address }) => address));
  const left = [...new Map(wishedVips(services, written).map((vip) => [vip.address, vip])).values()].filter(
    ({ address }) => !named.has(address),
  );
  const drafts: Draft[] = [];
  for (const [name, instance] of entries) {
    const own = claimed.get(name);
    const vips = own ?? left.splice(0);
    if (own === undefined && vips.length === 0) {
      context.report('vrrp-vips', ['vrrp', name], `no VIP is left for ${name}`, 'write vips: [...]', 'key');
    }
    const first = { name, key: name, written: instance };
    const its = own === undefined ? apart(first, vips, directors) : [{ ...first, family: familyOf(own), vips }];
    for (const { name: further } of its.slice(1)) {
      if (!Object.hasOwn(written.vrrp ?? {}, further)) continue;
      const message = `${name} has VIPs of several families or NICs, and the name ${further} is taken`;
      context.report('vrrp-vips', ['vrrp', name], message, 'write vips: [...]', 'key');
    }
    if (own?.some(({ family }) => family !== familyOf(own)) === true) {
      const hint = 'keepalived wants an instance for each family';
      context.report('vrrp-vips', ['vrrp', name, 'vips'], `${name} mixes IPv4 and IPv6`, hint);
    }
    drafts.push(...its);
  }
  if (entries.length === 0 && left.length > 0) {
    drafts.push(...apart({ name: 'VI_1', key: undefined, written: {} }, left, directors));
  }
  for (const { name, key } of drafts)
    if (name !== key) context.link(['vrrp', name], key === undefined ? ['services'] : ['vrrp', key]);
  return drafts;
}

/** The VIPs of the services, the inner ones by which answers of NAT services come back, and those HAProxy listens on. */
function wishedVips(services: readonly VirtualService[], { haproxy }: Written): DraftAddress[] {
  const own = services.flatMap(({ vip, family, forwarding }) => [
    { address: vip, family },
    ...(forwarding.mode === 'NAT' ? [{ address: forwarding.gateway, family }] : []),
  ]);
  const listened = Object.values(haproxy?.listeners ?? {}).flatMap(({ vip }) => {
    const read = readIp(vip);
    return read.ok ? [read.value] : [];
  });
  return [...own, ...listened];
}

/**
 * One draft for each family and, unless the NIC is written, for each NIC; the first has the name, the others `NAME_eth1`,
 * `NAME_6` and `NAME_eth1_6`.
 */
function apart(
  base: Pick<Draft, 'name' | 'key' | 'written'>,
  vips: readonly DraftAddress[],
  directors: readonly Host[],
): Draft[] {
  const groups = new Map<string, { family: Family; nics: string[]; vips: DraftAddress[] }>();
  for (const vip of [...vips].sort((a, b) => a.family - b.family)) {
    const found = directors.map((host) => linkTo(host, vip.address) ?? host.interface);
    const nics = base.written.interface === undefined ? found : [];
    const id = [vip.family, ...nics].join(' ');
    const group = groups.get(id) ?? { family: vip.family, nics, vips: [] };
    group.vips.push(vip);
    groups.set(id, group);
  }
  const [first, ...others] = groups.values();
  if (first === undefined) return [{ ...base, family: 4, vips: [] }];
  const further = others.map(({ family, nics, vips: its }): Draft => {
    const other = nics.find((nic, n) => nic !== first.nics[n]);
    const suffix = `${other === undefined ? '' : `_${other}`}${family === first.family ? '' : '_6'}`;
    return { ...base, name: `${base.name}${suffix}`, family, vips: its };
  });
  return [{ ...base, family: first.family, vips: first.vips }, ...further];
}

function familyOf(vips: readonly DraftAddress[]): Family {
  return vips.some(({ family }) => family === 4) || vips.length === 0 ? 4 : 6;
}

function readVips(vips: NonNullable<WrittenInstance['vips']>, name: string, context: Context): DraftAddress[] {
  const read: DraftAddress[] = [];
  for (const [n, written] of vips.entries()) {
    const more = typeof written === 'string' ? { address: written } : written;
    const vip = readIp(more.address);
    const path = ['vrrp', name, 'vips', n, ...(typeof written === 'string' ? [] : ['address'])];
    if (!vip.ok) context.report('address', path, vip.error);
    else if (read.some(({ address }) => address === vip.value.address))
      context.report('duplicate', path, `${vip.value.address} is in this list twice`);
    else {
      context.link(['vrrp', name, 'vips', read.length], ['vrrp', name, 'vips', n]);
      read.push({ ...more, ...vip.value });
    }
  }
  return read;
}
