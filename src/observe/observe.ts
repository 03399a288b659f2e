import { randomBytes } from 'node:crypto';
import { originalPath } from '../manifest/entry-id.ts';
import { manifestSection, readManifest, type Entry, type Leftover } from '../manifest/manifest.ts';
import { canBeAsked, canBeRemoved } from '../manifest/sound.ts';
import type { Platform } from '../platform/platform.ts';
import { kinds } from '../resources/index.ts';
import type { Resource } from '../resources/index.ts';
import { ref, type ResourceRef } from '../resources/resource.ts';
import { drainedPath } from '../roles/director/drained.ts';
import { err, ok, type Result } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import type { Connection, RunFailure } from '../ssh/connection.ts';
import { printableLine } from '../ssh/printable.ts';
import { factsSection, readFacts, type Facts } from './facts.ts';
import { frame, unframe, type Answer, type Section } from './frame.ts';

/** How a host was found. */
export interface Observation {
  readonly host: string;
  readonly facts: Facts;
  /** What each kind's `read` made of the answer. A resource that is missing could not be read. */
  readonly states: ReadonlyMap<ResourceRef, unknown>;
  /** What lvsctl put on the host, by resource. */
  readonly manifest: ReadonlyMap<ResourceRef, Entry>;
  /** What of that is not wished any more. */
  readonly leftovers: readonly Leftover[];
  /** Hosts that this one, a director, says are drained, as written there: see roles/director/drained.ts. */
  readonly drained: string;
  /** Answers to the extra sections that were asked for, by name. */
  readonly extra: ReadonlyMap<string, Answer>;
}

/** Why a host could not be observed although it answers. */
export interface UnreadableFailure {
  readonly reason: 'unreadable';
  readonly host: string;
  readonly detail: string;
  readonly hint: string;
}

/** See {@link observe}. */
export type ObserveFailure = RunFailure | UnreadableFailure;

/** Seconds that an observation may take. */
const deadline = 60;

/**
 * Reads the present state of every resource of a host, its facts, its manifest, and any extra sections, in one exec: all probes go
 * out as one script, whatever their number. Only where the manifest has something that is not wished any more, that is looked at
 * in a second one.
 *
 * @param onTurn is told of each exec, before it and after its last byte.
 */
export async function observe(
  connection: Connection,
  desired: DesiredHost,
  extra: readonly Section[] = [],
  signal?: AbortSignal,
  onTurn?: (turn: 'asked' | 'answered') => void,
): Promise<Result<Observation, ObserveFailure>> {
  const { host } = connection;
  const asked = onTurn === undefined ? connection : told(connection, onTurn);
  const all = [factsSection, manifestSection, drainedSection, ...probes(desired), ...extra];
  const answers = await askHost(asked, all, signal);
  if (!answers.ok) return answers;
  const states = readStates(desired, answers.value);
  if (!states.ok) return err(unreadable(host, states.error));
  const manifest = readManifest(answers.value.get(manifestSection.name)?.output ?? '');
  if (!manifest.ok) return err(unreadable(host, manifest.error));
  const wished = new Set(desired.resources.map((one) => one.ref));
  const unwished = [...manifest.value.values()].filter((entry) => !wished.has(entry.ref));
  const leftovers = await lookAt(asked, desired.platform, unwished, signal);
  if (!leftovers.ok) return leftovers;
  return ok({
    host,
    facts: readFacts(answers.value.get(factsSection.name)?.output ?? ''),
    states: states.value,
    manifest: manifest.value,
    leftovers: leftovers.value,
    drained: answers.value.get(drainedSection.name)?.output ?? '',
    extra: new Map(extra.map(({ name }) => [name, answers.value.get(name) ?? { output: '', status: -1 }])),
  });
}

type Asked = Pick<Connection, 'host' | 'run'>;

/** The same connection, whose execs are told of. */
function told(connection: Connection, onTurn: (turn: 'asked' | 'answered') => void): Asked {
  return {
    host: connection.host,
    async run(script, options) {
      onTurn('asked');
      const result = await connection.run(script, options);
      onTurn('answered');
      return result;
    },
  };
}

const drainedSection: Section = { name: 'drained', sh: `[ ! -e ${drainedPath} ] || cat ${drainedPath} 2>/dev/null` };

/** Reads the present state of resources that a manifest names, and of the files that they took the place of. */
export async function lookAt(
  connection: Asked,
  platform: Platform,
  entries: readonly Entry[],
  signal?: AbortSignal,
): Promise<Result<readonly Leftover[], ObserveFailure>> {
  if (entries.length === 0) return ok([]);
  const strange = entries.find((entry) => !canBeAsked(entry, platform));
  if (strange) return err(nonsense(connection.host, strange));
  const kept = entries.flatMap(
    ({ ref: name, resource }) => kinds[resource.kind].keptAs?.(resource, originalPath(name)) ?? [],
  );
  const resources = [...entries.map(({ resource }) => resource), ...kept].map((resource) => ({
    resource,
    ref: ref(resource.kind, kinds[resource.kind].name(resource)),
  }));
  const looked = { platform, resources };
  const answers = await askHost(connection, probes(looked), signal);
  if (!answers.ok) return answers;
  const states = readStates(looked, answers.value);
  if (!states.ok) return err(unreadable(connection.host, states.error));
  const leftovers = entries.map((entry): Leftover => {
    const original = kinds[entry.resource.kind].keptAs?.(entry.resource, originalPath(entry.ref));
    return {
      entry,
      observed: states.value.get(entry.ref),
      before: original ? states.value.get(ref(original.kind, kinds[original.kind].name(original))) : entry.before,
    };
  });
  const odd = leftovers.find((leftover) => !canBeRemoved(leftover, platform));
  return odd ? err(nonsense(connection.host, odd.entry)) : ok(leftovers);
}

function nonsense(host: string, { ref: name }: Entry): UnreadableFailure {
  return unreadable(
    host,
    `the manifest says something of ${printableLine(name, 120)} that makes no sense`,
    'was it changed by hand? Its folders are in /var/lib/lvsctl/manifest',
  );
}

/** What of a host's wishes is looked at. */
interface Looked {
  readonly platform: Platform;
  readonly resources: readonly { readonly ref: ResourceRef; readonly resource: Resource }[];
}

/** Asks all sections in one exec. */
async function askHost(
  connection: Asked,
  sections: readonly Section[],
  signal: AbortSignal | undefined,
): Promise<Result<ReadonlyMap<string, Answer>, ObserveFailure>> {
  const nonce = randomBytes(12).toString('hex');
  const run = await connection.run(frame(sections, nonce), { deadline, ...(signal ? { signal } : {}) });
  if (!run.ok) return run;
  const failed = (detail: string): Result<never, UnreadableFailure> =>
    err(unreadable(connection.host, detail, lastLines(run.value.stderr)));
  const answers = unframe(run.value.stdout.toString('utf8'), nonce);
  if (!answers.ok) return failed(answers.error);
  const missing = sections.find(({ name }) => !answers.value.has(name));
  return missing ? failed(`no answer about ${missing.name}`) : answers;
}

function unreadable(host: string, detail: string, hint = ''): UnreadableFailure {
  return { reason: 'unreadable', host, detail, hint };
}

/** One section for each kind of resource that the host has. */
export function probes(desired: Looked): Section[] {
  return [...byKind(desired)].map(([kind, resources]) => ({
    name: kind,
    sh: kinds[kind].probe(resources, desired.platform),
  }));
}

function readStates(
  desired: Looked,
  answers: ReadonlyMap<string, Answer>,
): Result<ReadonlyMap<ResourceRef, unknown>, string> {
  const states = new Map<ResourceRef, unknown>();
  for (const [kind, resources] of byKind(desired)) {
    const answer = answers.get(kind);
    if (!answer) return err(`no answer about ${kind}`);
    try {
      for (const [name, state] of kinds[kind].read(answer.output, resources)) states.set(ref(kind, name), state);
    } catch (error) {
      return err(`the answer about ${kind} makes no sense: ${(error as Error).message}`);
    }
  }
  return ok(states);
}

function byKind(desired: Looked): Map<Resource['kind'], Resource[]> {
  const groups = new Map<Resource['kind'], Resource[]>();
  for (const { resource } of desired.resources) {
    const group = groups.get(resource.kind);
    if (group) group.push(resource);
    else groups.set(resource.kind, [resource]);
  }
  return groups;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join('\n');
}
