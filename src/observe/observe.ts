import { randomBytes } from 'node:crypto';
import { kinds } from '../resources/index.ts';
import type { Resource } from '../resources/index.ts';
import { ref, type ResourceRef } from '../resources/resource.ts';
import { err, ok, type Result } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import type { Connection, RunFailure } from '../ssh/connection.ts';
import { factsSection, readFacts, type Facts } from './facts.ts';
import { frame, unframe, type Answer, type Section } from './frame.ts';

/** How a host was found. */
export interface Observation {
  readonly host: string;
  readonly facts: Facts;
  /** What each kind's `read` made of the answer. A resource that is missing could not be read. */
  readonly states: ReadonlyMap<ResourceRef, unknown>;
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
 * Reads the present state of every resource of a host, its facts, and any extra sections, in one exec: all probes go out as
 * one script, whatever their number.
 */
export async function observe(
  connection: Connection,
  desired: DesiredHost,
  extra: readonly Section[] = [],
  signal?: AbortSignal,
): Promise<Result<Observation, ObserveFailure>> {
  const { host } = connection;
  const nonce = randomBytes(12).toString('hex');
  const sections = [factsSection, ...probes(desired), ...extra];
  const run = await connection.run(frame(sections, nonce), { deadline, ...(signal ? { signal } : {}) });
  if (!run.ok) return run;
  const unreadable = (detail: string): Result<never, UnreadableFailure> =>
    err({ reason: 'unreadable', host, detail, hint: lastLines(run.value.stderr) });
  const answers = unframe(run.value.stdout.toString('utf8'), nonce);
  if (!answers.ok) return unreadable(answers.error);
  const missing = sections.find(({ name }) => !answers.value.has(name));
  if (missing) return unreadable(`no answer about ${missing.name}`);
  const states = readStates(desired, answers.value);
  if (!states.ok) return unreadable(states.error);
  const facts = readFacts(answers.value.get(factsSection.name)?.output ?? '');
  return ok({
    host,
    facts,
    states: states.value,
    extra: new Map(extra.map(({ name }) => [name, answers.value.get(name) ?? { output: '', status: -1 }])),
  });
}

/** One section for each kind of resource that the host has. */
export function probes(desired: DesiredHost): Section[] {
  return [...byKind(desired)].map(([kind, resources]) => ({
    name: kind,
    sh: kinds[kind].probe(resources, desired.platform),
  }));
}

function readStates(
  desired: DesiredHost,
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

function byKind(desired: DesiredHost): Map<Resource['kind'], Resource[]> {
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
