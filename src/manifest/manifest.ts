import * as z from 'zod';
import type { Section } from '../observe/frame.ts';
import { masks } from '../resources/diff.ts';
import { kinds } from '../resources/index.ts';
import type { Resource } from '../resources/index.ts';
import { ref, type ResourceRef, type Remembered, type Step } from '../resources/resource.ts';
import { err, ok, type Result } from '../result.ts';
import { stages, type Stage } from '../roles/role.ts';
import { entryId, manifestFolder } from './entry-id.ts';

/** What the manifest of a host says of one resource that lvsctl brought about. */
export interface Entry {
  readonly ref: ResourceRef;
  /** The stage in which it was brought about, and its place in it: it is taken away in the reverse order. */
  readonly stage: Stage;
  readonly position: number;
  readonly resource: Resource;
  /** See {@link Remembered}. */
  readonly before: unknown;
  /** Services that have to take up its change. */
  readonly feeds: readonly string[];
}

/** A resource of the manifest that is not wished any more, as it was found. */
export interface Leftover {
  readonly entry: Entry;
  readonly observed: unknown;
  readonly before: unknown;
}

const entryShape = z.object({
  version: z.literal(1),
  ref: z.string(),
  stage: z.enum(stages),
  position: z.number(),
  resource: z.looseObject({
    kind: z.enum(Object.keys(kinds) as [Resource['kind'], ...Resource['kind'][]]),
    // A host says by name what is secret, and by a name that nobody knows, all of it is.
    mask: z.enum(masks).optional().catch('all'),
  }),
  before: z.unknown().optional(),
  feeds: z.array(z.string()),
});

/** Prints the manifest: a line of JSON for each resource. */
export const manifestSection: Section = {
  name: 'manifest',
  sh: `set -- ${manifestFolder}/*/entry\n[ ! -e "$1" ] || cat -- "$@" 2>/dev/null`,
};

/** Reads what {@link manifestSection} printed; the error says what is wrong with it. */
export function readManifest(output: string): Result<ReadonlyMap<ResourceRef, Entry>, string> {
  const entries = new Map<ResourceRef, Entry>();
  for (const line of output.split('\n').filter((one) => one.trim() !== '')) {
    const entry = readEntry(line);
    if (!entry.ok) return err(`${manifestFolder}: ${entry.error}: ${line.slice(0, 80)}`);
    entries.set(entry.value.ref, entry.value);
  }
  return ok(entries);
}

/** The note by which a step has its resource remembered; undefined: the manifest says so already, or there is nothing to say. */
export function remembers(
  placed: {
    readonly stage: Stage;
    readonly position: number;
    readonly resource: Resource;
    readonly feeds: readonly string[];
  },
  observed: unknown,
  earlier: Entry | undefined,
): Step['remembers'] {
  const { stage, position, resource, feeds } = placed;
  const kind = kinds[resource.kind];
  const noted: Remembered<Resource, unknown> | undefined = kind.remember?.(resource, observed, earlier);
  if (noted === undefined) return undefined;
  const name = ref(resource.kind, kind.name(resource));
  const text = writeEntry({ ref: name, stage, position, feeds, ...noted });
  if (earlier !== undefined && writeEntry({ ...earlier, position }) === text) return undefined;
  const original = kind.original?.(resource);
  return { id: entryId(name), text, ...(original === undefined ? {} : { original }) };
}

/** An entry as one line of JSON. */
export function writeEntry({ ref: name, stage, position, resource, before, feeds }: Entry): string {
  const entry = { version: 1, ref: name, stage, position, resource, before, feeds };
  return JSON.stringify(entry);
}

/** For JSON.parse: refuses keys that every object answers to, which make one that cannot be put into a text. */
function ownKeys(key: string, value: unknown): unknown {
  if (key in Object.prototype) throw new SyntaxError(`no resource has the key ${key}`);
  return value;
}

function readEntry(line: string): Result<Entry, string> {
  let value: unknown;
  try {
    value = JSON.parse(line, ownKeys);
  } catch {
    return err('an entry is not JSON');
  }
  const shape = entryShape.safeParse(value);
  if (!shape.success) return err('an entry is not of this version of lvsctl');
  const { resource, before, ...rest } = shape.data;
  const entry: Entry = { ...rest, resource: resource as unknown as Resource, before };
  const kind = kinds[entry.resource.kind];
  if (kind.remove === undefined || ref(kind.kind, kind.name(entry.resource)) !== entry.ref) {
    return err('an entry does not fit its resource');
  }
  return ok(entry);
}
