import type { BfdTracker, FileTracker, ProcessTracker, ScriptTracker, Tracker } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import { resolveBfd, resolveNeighbors } from './bfd.ts';
import type { Context } from './context.ts';
import { resolveProgram } from './program.ts';

type WrittenTracker = NonNullable<NonNullable<Written['vrrp']>[string]['track']>[number];

const kinds = ['interface', 'script', 'process', 'file', 'bfd'] as const;
type Kind = (typeof kinds)[number];

/** What belongs to one kind only. */
const settings: Readonly<Record<Kind, readonly (keyof WrittenTracker)[]>> = {
  interface: [],
  script: ['name', 'interval', 'timeout', 'rise', 'fall', 'user'],
  process: ['name', 'quorum', 'delay'],
  file: ['name', 'initial'],
  bfd: [],
};

/** What trackers of a cluster have to know of each other and of it. */
export interface TrackerScope {
  /** What they are called so far: the definition behind each name, which several may share. */
  readonly names: Map<string, string>;
  readonly directors: readonly string[];
}

/** The trackers of an instance or a sync group; those that are defined alike get one name. */
export function resolveTrackers(
  written: readonly WrittenTracker[] | undefined,
  path: Path,
  scope: TrackerScope,
  context: Context,
): Tracker[] {
  return (written ?? []).flatMap((one, n) => resolveTracker(one, [...path, n], scope, context) ?? []);
}

function resolveTracker(
  written: WrittenTracker,
  path: Path,
  scope: TrackerScope,
  context: Context,
): Tracker | undefined {
  const kind = kindOf(written, path, context);
  if (kind === undefined) return undefined;
  if (kind === 'bfd') return bfdTracker(written, [...path, 'bfd'], scope, context);
  if (kind === 'interface') return { type: kind, interface: written.interface ?? '', weight: written.weight ?? 0 };
  const unnamed = definition(kind, written, path, context);
  if (unnamed === undefined) return undefined;
  return {
    ...unnamed,
    weight: written.weight ?? (kind === 'file' ? 1 : 0),
    name: nameOf(unnamed, written, path, scope, context),
  };
}

function kindOf(written: WrittenTracker, path: Path, context: Context): Kind | undefined {
  const [kind, other] = kinds.filter((name) => written[name] !== undefined);
  const choice = `write one of ${kinds.join(', ')}`;
  if (kind === undefined) {
    context.report('tracker', path, 'it is not said what is watched', choice);
    return undefined;
  }
  if (other !== undefined) {
    context.report(
      'tracker',
      [...path, other],
      `this watches ${kind} and ${other}`,
      `${choice}, and an entry for each`,
    );
    return undefined;
  }
  for (const key of Object.keys(written) as (keyof WrittenTracker)[]) {
    if (key === kind || key === 'weight' || settings[kind].includes(key)) continue;
    context.report('tracker', [...path, key], `${key} means nothing with ${kind}`, 'take it out');
  }
  return kind;
}

type Unnamed =
  | Omit<ScriptTracker, 'name' | 'weight'>
  | Omit<ProcessTracker, 'name' | 'weight'>
  | Omit<FileTracker, 'name' | 'weight'>;

function definition(
  kind: Exclude<Kind, 'interface' | 'bfd'>,
  written: WrittenTracker,
  path: Path,
  context: Context,
): Unnamed | undefined {
  switch (kind) {
    case 'script': {
      const program = resolveProgram(written.script ?? '', [...path, 'script'], context);
      if (program === undefined) return undefined;
      const interval = written.interval ?? 1;
      return {
        type: kind,
        program,
        interval,
        timeout: written.timeout ?? interval,
        rise: written.rise ?? 1,
        fall: written.fall ?? 1,
        user: written.user,
      };
    }
    case 'process':
      return { type: kind, process: written.process ?? '', quorum: written.quorum ?? 1, delay: written.delay };
    case 'file':
      return { type: kind, path: written.file ?? '', initial: written.initial ?? 0 };
  }
}

function bfdTracker(
  { bfd = '', weight = 0 }: WrittenTracker,
  path: Path,
  { directors }: TrackerScope,
  context: Context,
): BfdTracker {
  const { neighbor, ...settings } = typeof bfd === 'string' ? { neighbor: bfd } : bfd;
  const at = typeof bfd === 'string' ? path : [...path, 'neighbor'];
  const neighbors = resolveNeighbors(neighbor, at, directors, context);
  return { type: 'bfd', neighbors, settings: resolveBfd(settings), weight };
}

/** The name written; else that of the script, process or file, numbered when another tracker has it. */
function nameOf(one: Unnamed, { name }: WrittenTracker, path: Path, { names }: TrackerScope, context: Context): string {
  const meaning = JSON.stringify(one);
  const base = name ?? plainName(one);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base}_${number}`;
    const key = `${one.type} ${candidate}`;
    const taken = names.get(key);
    if (taken === undefined) names.set(key, meaning);
    if (taken === undefined || taken === meaning) return candidate;
    if (name !== undefined) {
      context.report('tracker', [...path, 'name'], `another tracker is called ${name}`, 'give this one another name');
      return name;
    }
  }
}

function plainName(one: Unnamed): string {
  if (one.type === 'process') return one.process;
  const path = one.type === 'file' ? one.path : one.program.path;
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[A-Za-z0-9]+$/, '');
  return name.replace(/[^A-Za-z0-9_-]/g, '_');
}
