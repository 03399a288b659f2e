import type { DrillReport } from '../drill/result.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import { printable } from '../ssh/printable.ts';
import { servedBy } from '../verify/scope.ts';
import type { Sight } from '../verify/sight.ts';
import type { VerifyReport } from '../verify/verify.ts';
import { changeOf, type ChangePart, type ChangeSeen } from './change.ts';
import { findingsDocument, type FindingsDocument } from './findings.ts';
import { pictureOf, type Picture } from './picture.ts';

/** Who ran what and when. */
export interface Occasion {
  readonly command: 'verify' | 'apply' | 'drill';
  /** `user@machine`. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly seconds: number;
  /** Version of lvsctl. */
  readonly lvsctl: string;
}

/** A host, what it is for, and what runs on it. */
export interface HostRow {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly string[];
  /** False: it was not looked at, and the rest is empty. */
  readonly seen: boolean;
  readonly system: string;
  readonly kernel: string;
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * All that a report says, in every form that it is written in; its JSON form as it is. Texts are printable and without secrets.
 * Members are added, never renamed or removed, within a version.
 */
export interface ReportDocument extends Occasion {
  readonly format: 'lvsctl report';
  readonly version: 1;
  readonly cluster: string;
  readonly ok: boolean;
  /** One sentence. */
  readonly verdict: string;
  /** SHA-256 of the inventory's bytes, hex. */
  readonly inventory: { readonly file: string; readonly digest: string };
  readonly picture: Picture;
  /** In inventory order. */
  readonly hosts: readonly HostRow[];
  /** What was changed; undefined: nothing was to be. */
  readonly change?: ChangePart;
  readonly verification?: FindingsDocument;
  readonly drills?: DrillReport;
}

/** What a report is made of. */
export interface ReportInput {
  readonly cluster: Cluster;
  readonly occasion: Occasion;
  readonly change?: ChangeSeen | undefined;
  /** The last look; with drills the one before the first of them: each says itself whether all is as before. */
  readonly verification?: VerifyReport | undefined;
  readonly drills?: DrillReport | undefined;
}

/** Puts a report together. Pure. */
export function reportDocument({ cluster, occasion, change, verification, drills }: ReportInput): ReportDocument {
  const sight = verification?.sight;
  const proved = verification?.ok ?? drills !== undefined;
  const ok = proved && (drills?.ok ?? true) && (change === undefined || change.failures.length === 0);
  return clean({
    format: 'lvsctl report',
    version: 1,
    ...occasion,
    cluster: cluster.name,
    ok,
    verdict: verdictOf({ occasion, change, verification, drills }, ok),
    inventory: cluster.inventory,
    picture: pictureOf(cluster, sight),
    hosts: cluster.hosts.map((host) => hostRow(cluster, host, sight)),
    ...(change ? { change: changeOf(change) } : {}),
    ...(verification ? { verification: findingsDocument(verification) } : {}),
    ...(drills ? { drills } : {}),
  });
}

function verdictOf({ occasion, change, verification, drills }: Omit<ReportInput, 'cluster'>, ok: boolean): string {
  const interrupted = [change, verification, drills].some((part) => part?.interrupted === true);
  if (change && change.failures.length > 0) return 'The changes failed.';
  if (interrupted) return 'It was interrupted.';
  if (drills) {
    if (!drills.ok) return 'A drill did not hold its bounds.';
    return ok ? 'Every drill held its bounds.' : 'The cluster does not hold after the drills.';
  }
  if (verification === undefined) return 'It was not verified.';
  if (!ok)
    return occasion.command === 'apply' ? 'Applied, but the cluster does not hold.' : 'The cluster does not hold.';
  return occasion.command === 'apply' ? 'Applied, and the cluster is verified.' : 'The cluster is verified.';
}

function hostRow(cluster: Cluster, host: Host, sight: Sight | undefined): HostRow {
  const { name, addresses } = host;
  const seen = sight?.hosts.find((one) => one.name === name);
  return {
    name,
    address: addresses[0]?.address ?? '',
    roles: rolesOf(cluster, name),
    seen: seen !== undefined,
    system: seen?.system ?? '',
    kernel: seen?.kernel ?? '',
    packages: seen?.packages ?? {},
  };
}

function rolesOf(cluster: Cluster, name: string): string[] {
  const { directors, exports, mounts, verify, haproxy } = cluster;
  const roles: [string, boolean][] = [
    ['director', directors.includes(name)],
    ['HAProxy', haproxy?.hosts.includes(name) ?? false],
    ['real server', servedBy(cluster, name).length > 0],
    ['NFS server', exports.some(({ host }) => host === name) || mounts.some(({ server }) => server === name)],
    ['NFS client', mounts.some(({ hosts }) => hosts.includes(name))],
    ['vantage point', verify.from.includes(name)],
  ];
  return roles.flatMap(([role, has]) => (has ? [role] : []));
}

/** Every text in it printable and masked: a report goes to people who never saw the hosts. */
function clean<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => clean(one)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [printable(key), clean(one as unknown)])) as T;
}
