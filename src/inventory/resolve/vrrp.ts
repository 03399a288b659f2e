import { readIp } from '../address.ts';
import type { Family, VirtualService, VrrpInstance } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Context } from './context.ts';
import { resolveSecret } from './secret.ts';

type WrittenInstance = NonNullable<Written['vrrp']>[string];

/** An instance with its VIPs, before numbers are dealt out. */
interface Draft {
  readonly name: string;
  /** The key it was written under; undefined for one that is there by default. */
  readonly key: string | undefined;
  readonly written: WrittenInstance;
  readonly family: Family;
  readonly vips: readonly string[];
}

/** The VRRP instances: those written, or by default one for each family of the services' VIPs. */
export function resolveVrrp(
  written: Written,
  services: readonly VirtualService[],
  directors: readonly string[],
  context: Context,
): VrrpInstance[] {
  const drafts = draftsOf(written, services, context);
  const taken = new Set(Object.values(written.vrrp ?? {}).map(({ vrid }) => vrid));
  let next = 51;
  const deal = (): number => {
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  };
  return drafts.map(({ name, key, written: own, family, vips }) => ({
    name,
    vrid: key === name ? (own.vrid ?? deal()) : deal(),
    family,
    vips,
    priorities: own.priorities ?? Object.fromEntries(directors.map((host, n) => [host, defaultPriority(n)])),
    advertInterval: own.interval ?? 1,
    preempt: own.preempt ?? true,
    authPass:
      own.authPass === undefined || key !== name
        ? undefined
        : resolveSecret(own.authPass, ['vrrp', key, 'authPass'], context),
  }));
}

/** 150, 100, 90, 80, … 10, 9, … 1. */
function defaultPriority(position: number): number {
  if (position === 0) return 150;
  return position <= 10 ? 110 - 10 * position : Math.max(1, 20 - position);
}

function draftsOf(written: Written, services: readonly VirtualService[], context: Context): Draft[] {
  const entries = Object.entries(written.vrrp ?? {});
  const claimed = new Map<string, string[]>();
  for (const [name, { vips }] of entries) if (vips !== undefined) claimed.set(name, readVips(vips, name, context));
  const named = new Set([...claimed.values()].flat());
  const left = [...new Map(services.map(({ vip, family }) => [vip, family]))].filter(([vip]) => !named.has(vip));
  const drafts: Draft[] = [];
  for (const [name, instance] of entries) {
    const own = claimed.get(name);
    const vips = own ?? left.splice(0).map(([vip]) => vip);
    if (vips.length === 0 && own === undefined) {
      context.report('vrrp-vips', ['vrrp', name], `no VIP is left for ${name}`, 'write vips: [...]', 'key');
    }
    drafts.push(...byFamily(name, name, instance, vips, own === undefined));
    if (drafts.at(-1)?.name !== name && Object.hasOwn(written.vrrp ?? {}, `${name}_6`)) {
      context.report(
        'vrrp-vips',
        ['vrrp', name],
        `${name} has VIPs of both families, and the name ${name}_6 is taken`,
        'write vips: [...]',
        'key',
      );
    }
    if (own !== undefined && new Set(own.map(familyOf)).size > 1) {
      context.report(
        'vrrp-vips',
        ['vrrp', name, 'vips'],
        `${name} mixes IPv4 and IPv6`,
        'keepalived wants an instance for each family',
      );
    }
  }
  if (entries.length === 0 && left.length > 0)
    drafts.push(
      ...byFamily(
        'VI_1',
        undefined,
        {},
        left.map(([vip]) => vip),
        true,
      ),
    );
  for (const { name, key } of drafts)
    if (name !== key) context.link(['vrrp', name], key === undefined ? ['services'] : ['vrrp', key]);
  return drafts;
}

/** One draft, or by default one for each family; the second is called `NAME_6`. */
function byFamily(
  name: string,
  key: string | undefined,
  written: WrittenInstance,
  vips: readonly string[],
  split: boolean,
): Draft[] {
  const four = vips.filter((vip) => familyOf(vip) === 4);
  const six = vips.filter((vip) => familyOf(vip) === 6);
  if (!split || four.length === 0 || six.length === 0) {
    return [{ name, key, written, family: four.length > 0 || six.length === 0 ? 4 : 6, vips }];
  }
  return [
    { name, key, written, family: 4, vips: four },
    { name: `${name}_6`, key, written, family: 6, vips: six },
  ];
}

function familyOf(vip: string): Family {
  return vip.includes(':') ? 6 : 4;
}

function readVips(vips: readonly string[], name: string, context: Context): string[] {
  const read: string[] = [];
  for (const [n, text] of vips.entries()) {
    const vip = readIp(text);
    const path = ['vrrp', name, 'vips', n];
    if (!vip.ok) context.report('address', path, vip.error);
    else if (read.includes(vip.value.address))
      context.report('duplicate', path, `${vip.value.address} is in this list twice`);
    else read.push(vip.value.address);
  }
  return read;
}
