import type { Cluster, VrrpInstance } from '../../inventory/cluster.ts';
import { advertisedVips } from '../../keepalived/vrrp.ts';
import { listen, readListening, type Advert, type Link, type Listening } from '../adverts.ts';
import type { Check, CheckContext, Evidence, Finding } from '../check.ts';
import { holdersOf, judged, listed, observed } from '../scope.ts';

/** On the wire, each VRID is spoken by the holder of its VIPs alone, and the other directors hear it as planned. */
export const vrrpAdverts: Check = {
  name: 'vrrp-adverts',
  severity: 'critical',
  proves: 'each backup hears the adverts of the master, as planned, and nobody else speaks with the same VRID',
  why: 'A backup that hears nothing takes over beside the master; a stranger with the same VRID takes the VIPs away, or has its own taken.',
  runs: 'each director: a raw socket of protocol 112 by `perl` or `python3`, for one to three advert intervals while requests are sent',
  reads: 'who speaks, with which priority, version, interval, kind of authentication and VIPs',
  mend: 'nothing heard: let protocol 112 through between the directors, or use unicast. A stranger: take another `vrid`. Another priority: a tracker has failed, or `lvsctl apply`',

  section(round, where, context) {
    const { cluster, nonce } = context;
    if (round !== 'during' || !cluster.directors.includes(where) || cluster.vrrp.length === 0) return undefined;
    const { least, most } = windowOf(cluster);
    return { sh: listen(linksOf(context, where), least, most, nonce) };
  },

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const answer = evidence.answer('during', where, 'vrrp-adverts');
      if (!answer) return [];
      const heard = readListening(answer.output, evidence.nonce);
      return evidence.cluster.vrrp.map((instance) => judgeInstance(evidence, where, instance, heard));
    }),
};

/** Seconds that are listened at the most, whatever the intervals are. */
const longest = 20;

/** Nobody who speaks once an interval is missed in `least`, and nobody who loses an advert or two in `most`. Seconds. */
function windowOf({ vrrp }: Cluster): { readonly least: number; readonly most: number } {
  const interval = Math.max(...vrrp.map(({ advertInterval }) => advertInterval));
  return { least: Math.min(interval + 0.5, longest), most: Math.min(3 * interval + 1, longest) };
}

/** The NICs of a director that adverts go over, each once for a family. */
function linksOf(context: CheckContext, where: string): Link[] {
  const links = new Map<string, Link>();
  for (const instance of context.cluster.vrrp) {
    const key = linkName(instance, where);
    const { family, vrid } = instance;
    const before = links.get(key)?.due ?? [];
    const due = isHolder(context, where, instance) ? before : [...before, vrid];
    links.set(key, { family, interface: instance.interfaces[where] ?? '', due });
  }
  return [...links.values()];
}

function linkName({ family, interfaces }: VrrpInstance, where: string): string {
  return `${family} ${interfaces[where] ?? ''}`;
}

function isHolder(context: CheckContext, where: string, { vips }: VrrpInstance): boolean {
  return vips.some(({ address }) => holdersOf(context, address).includes(where));
}

/** Who spoke with the VRID of an instance. */
interface Speaker {
  readonly name: string;
  /** Undefined: no director has the address. */
  readonly director: string | undefined;
  /** The last one that differed from those before. */
  readonly advert: Advert;
}

function judgeInstance(evidence: Evidence, where: string, instance: VrrpInstance, heard: Listening): Finding {
  const links = linksOf(evidence, where);
  const link = links.findIndex((one) => `${one.family} ${one.interface}` === linkName(instance, where));
  const speakers = speakersOf(evidence, where, instance, heard, link);
  const holders = holdersNamed(evidence, instance);
  const silent = holders.includes(where);
  const expected = silent
    ? `nobody speaks with VRID ${instance.vrid} but ${where} itself`
    : `${holders.length === 1 ? listed(holders) : 'one director'}: ${wishText(instance, holders[0])}`;
  const frame = {
    check: 'vrrp-adverts',
    where,
    title: `the adverts of ${instance.name} are those of its master`,
    expected,
    look: `tcpdump -c 5 -nn -v -i ${instance.interfaces[where] ?? 'any'} ${instance.family === 4 ? 'ip proto 112' : 'ip6 proto 112'}`,
  } as const;
  const deaf = heard.deaf.get(link);
  if (deaf !== undefined) return { ...frame, status: 'unknown', seen: deaf };
  if (heard.seconds === undefined) {
    return { ...frame, status: 'unknown', seen: 'neither perl nor python3 is there to listen with' };
  }
  const seen = speakers.map(({ name, advert }) => `${name}: ${factsText(advert)}`).join('\n');
  return {
    ...frame,
    status: silent ? judged(speakers.length === 0) : statusOf(evidence, instance, speakers, heard.seconds),
    seen: speakers.length === 0 ? `nobody was heard for ${heard.seconds} s` : seen,
  };
}

/** What to make of those whom a director hears that does not hold the VIPs. */
function statusOf(
  evidence: Evidence,
  instance: VrrpInstance,
  speakers: readonly Speaker[],
  seconds: number,
): Finding['status'] {
  const { cluster } = evidence;
  const holders = holdersNamed(evidence, instance);
  const allAsked = observed(evidence, cluster.directors).length === cluster.directors.length;
  const [first, ...others] = speakers;
  if (first === undefined) {
    // One that was not asked may have left the VIPs to nobody; one that speaks seldom may still do.
    const mayBe = (holders.length === 0 && !allAsked) || seconds < 2 * instance.advertInterval;
    return mayBe ? 'unknown' : 'failed';
  }
  // An IPv6 advert comes from a link-local address, which only the director itself can tell.
  if (first.director === undefined && instance.family === 6 && !allAsked && others.length === 0) return 'unknown';
  return judged(others.length === 0 && isMaster(first, holders) && isPlanned(cluster, instance, first));
}

function isMaster({ director }: Speaker, holders: readonly string[]): boolean {
  return director !== undefined && (holders.length === 0 || holders.includes(director));
}

function holdersNamed(context: CheckContext, { vips }: VrrpInstance): string[] {
  return [...new Set(vips.flatMap(({ address }) => holdersOf(context, address)))];
}

function speakersOf(
  { cluster, observations }: Evidence,
  where: string,
  { vrid }: VrrpInstance,
  { adverts }: Listening,
  link: number,
): Speaker[] {
  const speakers = new Map<string, Speaker>();
  for (const advert of adverts) {
    if (advert.link !== link || advert.vrid !== vrid) continue;
    const director = cluster.directors.find((name) =>
      [
        ...(observations.get(name)?.facts.addresses ?? []),
        ...(cluster.hosts.find((host) => host.name === name)?.addresses ?? []),
      ].some(({ address }) => address === advert.source),
    );
    if (director === where) continue;
    const name = director === undefined ? `${advert.source}, which is no director's` : `${director} (${advert.source})`;
    speakers.set(advert.source, { name, director, advert });
  }
  return [...speakers.values()];
}

/** Whether an advert says what the inventory has its sender say. */
function isPlanned(cluster: Cluster, instance: VrrpInstance, { director, advert }: Speaker): boolean {
  const vips = advertisedVips(instance);
  const base = instance.priorities[director ?? ''] ?? 0;
  const { most, least } = leeway(cluster, instance);
  return (
    advert.version === instance.version &&
    advert.interval === instance.advertInterval &&
    advert.authentication === authenticationOf(instance) &&
    advert.priority <= Math.min(base + most, 254) &&
    advert.priority >= Math.max(base + least, 1) &&
    advert.vips.length === vips.length &&
    vips.every((address) => advert.vips.includes(address))
  );
}

/** By how much trackers with a weight may rightly change a priority. */
function leeway({ syncGroups }: Cluster, { name, trackers }: VrrpInstance): { most: number; least: number } {
  const groups = syncGroups.filter(({ instances }) => instances.includes(name));
  const all = [...trackers, ...groups.flatMap((group) => group.trackers)];
  // What stands in a file is multiplied by the weight, so that it may be anything.
  if (all.some(({ type, weight }) => type === 'file' && weight !== 0)) return { most: 254, least: -254 };
  const weights = all.map(({ weight }) => weight);
  const sum = (of: readonly number[]): number => of.reduce((total, weight) => total + weight, 0);
  return { most: sum(weights.filter((weight) => weight > 0)), least: sum(weights.filter((weight) => weight < 0)) };
}

function authenticationOf({ version, authPass }: VrrpInstance): number | undefined {
  if (version === 3) return undefined;
  return authPass === undefined ? 0 : 1;
}

function wishText(instance: VrrpInstance, holder: string | undefined): string {
  const { version, advertInterval: interval, priorities } = instance;
  const priority = holder === undefined ? undefined : priorities[holder];
  return factsText({
    version,
    priority,
    interval,
    authentication: authenticationOf(instance),
    vips: advertisedVips(instance),
  });
}

function factsText(
  one: Pick<Advert, 'version' | 'interval' | 'authentication' | 'vips'> & { readonly priority: number | undefined },
): string {
  const kinds = ['no password', 'a password', 'IPsec AH'];
  const { authentication } = one;
  return [
    ...(one.priority === undefined ? [] : [`priority ${one.priority}`]),
    `version ${one.version}`,
    `every ${one.interval} s`,
    ...(authentication === undefined ? [] : [kinds[authentication] ?? `authentication ${authentication}`]),
    `for ${listed(one.vips)}`,
  ].join(', ');
}
