import { readIp } from '../address.ts';
import type {
  CheckKind,
  FileCheck,
  HealthCheck,
  HealthChecks,
  Script,
  StatusRange,
  UdpCheck,
  WebCheck,
} from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import { resolveBfd } from './bfd.ts';
import type { Context } from './context.ts';
import { resolveScript } from './script.ts';

/** A check as it is written. */
type WrittenCheck = Exclude<WrittenChecks, readonly unknown[]>;

/** A check, or several, as written. */
export type WrittenChecks = NonNullable<NonNullable<Written['services']>[string]['check']>;

/** The keys that say what is checked, and those that belong to each of them. */
const belongings = {
  http: ['status', 'digest', 'regex', 'regexNot', 'virtualHost'],
  https: ['status', 'digest', 'regex', 'regexNot', 'virtualHost', 'sni'],
  smtp: [],
  dns: ['type'],
  udp: [],
  ping: [],
  file: [],
  bfd: [],
  misc: [],
  tcp: [],
} as const satisfies Record<string, readonly (keyof WrittenCheck)[]>;

type KindName = keyof typeof belongings;
const kindNames = Object.keys(belongings) as KindName[];

/** The kinds that keepalived does not connect for, so that a port, an address or a timeout means nothing to them. */
const unconnected: readonly KindName[] = ['file', 'misc', 'bfd'];

/** The kinds that tell of changes at once, so that nothing is asked again and again. */
const told: readonly KindName[] = ['bfd'];

/** The checks of a service or a real server, in the order written. */
export function resolveChecks(written: WrittenChecks, path: Path, context: Context): HealthChecks {
  if (!Array.isArray(written)) return [resolveCheck(written, path, context)];
  const [first = {}, ...more] = written;
  return [
    resolveCheck(first, [...path, 0], context),
    ...more.map((check, n) => resolveCheck(check, [...path, n + 1], context)),
  ];
}

/** A health check with its defaults. What contradicts itself is reported where it is written. */
function resolveCheck(check: WrittenCheck, path: Path, context: Context): HealthCheck {
  const written = kindNames.filter((name) => check[name] !== undefined);
  const [name = 'tcp', other] = written;
  if (other !== undefined)
    context.report('check-kind', [...path, other], `a check is either ${name} or ${other}, not both`);
  reportStrays(check, name, path, context);
  const address = check.address === undefined ? undefined : readIp(check.address);
  if (address?.ok === false) context.report('address', [...path, 'address'], address.error);
  return {
    kind: kindOf(check, name, path, context),
    interval: check.interval ?? 2,
    timeout: check.timeout ?? 2,
    retries: check.retries ?? 1,
    retryDelay: check.retryDelay ?? 1,
    port: check.port,
    address: address?.ok === true ? address.value.address : undefined,
  };
}

/** Reports keys that mean nothing to the kind of check. */
function reportStrays(check: WrittenCheck, name: KindName, path: Path, context: Context): void {
  const all = new Set(kindNames.flatMap((kind): readonly (keyof WrittenCheck)[] => belongings[kind]));
  const own: readonly (keyof WrittenCheck)[] = belongings[name];
  for (const key of all) {
    if (check[key] === undefined || own.includes(key)) continue;
    const owners = kindNames.filter((kind) => (belongings[kind] as readonly string[]).includes(key));
    const hint = `add ${owners.join(' or ')}, or take it out`;
    context.report('check-kind', [...path, key], `${key} means nothing to a check by ${name}`, hint);
  }
  if (!unconnected.includes(name)) return;
  for (const key of ['port', 'address', 'timeout'] as const) {
    if (check[key] === undefined) continue;
    context.report('check-kind', [...path, key], `${key} means nothing to a check by ${name}: it does not connect`);
  }
  if (!told.includes(name)) return;
  for (const key of ['interval', 'retries', 'retryDelay'] as const) {
    if (check[key] === undefined) continue;
    context.report('check-kind', [...path, key], `${key} means nothing to a check by ${name}: it has times of its own`);
  }
}

function kindOf(check: WrittenCheck, name: KindName, path: Path, context: Context): CheckKind {
  switch (name) {
    case 'tcp':
    case 'ping':
      return { type: name };
    case 'http':
    case 'https':
      return webCheck(check, name, path, context);
    case 'smtp':
      return { type: 'smtp', helo: check.smtp === true ? undefined : check.smtp };
    case 'dns':
      checkDnsName(check.dns ?? '.', [...path, 'dns'], context);
      return { type: 'dns', name: check.dns ?? '.', recordType: check.type ?? 'SOA' };
    case 'udp':
      return udpCheck(check.udp);
    case 'file':
      return fileCheck(check.file);
    case 'bfd':
      return { type: 'bfd', settings: resolveBfd(typeof check.bfd === 'object' ? check.bfd : {}) };
    case 'misc':
      return scriptCheck(check.misc, [...path, 'misc'], context);
  }
}

/** Seen of keepalived 2.2.7 and 2.3.3, which call such a label empty and leave the check out. */
function checkDnsName(name: string, path: Path, context: Context): void {
  if (!/^[^.]\./.test(name)) return;
  const hint = 'ask for another name of the zone, or for the zone itself';
  context.report('check-kind', path, `keepalived takes no name whose first label is one letter: ${name}`, hint);
}

function webCheck(check: WrittenCheck, type: WebCheck['type'], path: Path, context: Context): WebCheck {
  if (check.regex !== undefined && check.regexNot !== undefined)
    context.report('check-kind', [...path, 'regexNot'], 'a check has either regex or regexNot, not both');
  const regex = check.regex ?? check.regexNot;
  if (check.digest !== undefined && regex !== undefined) {
    const key = check.regex === undefined ? 'regexNot' : 'regex';
    context.report('check-kind', [...path, key], 'a page of a known digest needs no regex', 'take one of them out');
  }
  if (check.sni === true && check.virtualHost === undefined)
    context.report('check-kind', [...path, 'sni'], 'sni needs a name to send', 'add virtualHost: NAME');
  const status = check.status ?? 200;
  return {
    type,
    path: check[type] ?? '/',
    status: (Array.isArray(status) ? status : [status]).map((one, n) =>
      statusRange(one, [...path, 'status', n], context),
    ),
    digest: check.digest,
    regex,
    regexInverted: check.regexNot !== undefined,
    virtualHost: check.virtualHost,
    sni: type === 'https' && (check.sni ?? check.virtualHost !== undefined),
  };
}

function statusRange(written: number | string, path: Path, context: Context): StatusRange {
  const [first = 0, last = first] = typeof written === 'number' ? [written] : written.split('-').map(Number);
  if (last < first) context.report('check-kind', path, `the range ${written} ends before it begins`);
  return { first, last };
}

function udpCheck(written: WrittenCheck['udp']): UdpCheck {
  const { payload, reply }: Exclude<typeof written, boolean | undefined> = typeof written === 'object' ? written : {};
  const bytes = (text: string | undefined): string | undefined => text?.replaceAll(' ', '').toUpperCase();
  return { type: 'udp', payload: bytes(payload), reply: reply === true ? '' : bytes(reply) };
}

function fileCheck(written: WrittenCheck['file']): FileCheck {
  if (typeof written === 'object') return { type: 'file', path: written.path, weight: written.weight };
  return { type: 'file', path: written ?? '/', weight: undefined };
}

function scriptCheck(written: WrittenCheck['misc'], path: Path, context: Context): CheckKind {
  const own: Exclude<typeof written, string | undefined> =
    typeof written === 'object' ? written : { script: written ?? '' };
  const at = typeof written === 'object' ? [...path, 'script'] : path;
  const script: Script = resolveScript(own.script, at, context) ?? { path: '/', content: '' };
  return {
    type: 'misc',
    script,
    args: own.args ?? [],
    scriptTimeout: own.timeout ?? 5,
    dynamic: own.dynamic ?? false,
    user: own.user,
  };
}
