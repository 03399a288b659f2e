import type { Platform } from '../platform/platform.ts';

/** `kind name`, unique on a host: how a resource is named in plans and referred to by others. */
export type ResourceRef = string;

/**
 * Whether traffic can notice a step: `none`; `reload`, the service takes its new configuration and keeps its connections;
 * `interrupt`, something that serves traffic stops or starts.
 */
export type Impact = 'none' | 'reload' | 'interrupt';

/** Something that will be done on a host. */
export interface Step {
  readonly resource: ResourceRef;
  /** `create` +, `update` ~, `delete` -, `run` > (a reload or restart that follows from another step). */
  readonly action: 'create' | 'update' | 'delete' | 'run';
  /** One line for people. */
  readonly summary: string;
  /** Unified diff, where there is text. */
  readonly diff?: string;
  readonly impact: Impact;
  /** POSIX sh that does it; the functions of apply/prelude.ts are there, and `set -e` holds. */
  readonly sh: string;
  /** sh that puts back what was, also after the step failed half-way; undefined: it cannot be undone. */
  readonly undo: string | undefined;
  /** sh that makes what was put back effective (a reload), run after every step of the host was undone. */
  readonly settle?: string;
  /** An entry of the host's manifest that is written before the step and taken back with its undo. */
  readonly remembers?: { readonly id: string; readonly text: string; readonly original?: string };
  /** Ids of entries of the host's manifest that the step makes pointless. */
  readonly forgets?: readonly string[];
}

/** What a decision may look at besides its own resource. */
export interface ChangeContext {
  readonly platform: Platform;
  /** Whether this plan changes the given resource (one that stands earlier on the same host). */
  changed(ref: ResourceRef): boolean;
}

/** What a removal may look at besides its own resource. */
export interface RemoveContext extends ChangeContext {
  /** Whether packages that lvsctl installed go as well. */
  readonly removePackages: boolean;
}

/** What a host's manifest keeps of a resource that lvsctl brought about: enough to find it and to take it away. JSON. */
export interface Remembered<R, O> {
  /** Without contents and secrets: a host's manifest holds none. */
  readonly resource: R;
  /** How it was found before the first change; undefined: not readable then. */
  readonly before: O | undefined;
}

/**
 * A kind of resource. All its parts are pure. `probe` and `read` take every resource of the kind on a host at once, so that
 * a probe forks once for many resources: forks are what an observation costs the host.
 */
export interface Kind<R extends { readonly kind: string }, O> {
  readonly kind: R['kind'];
  /** Unique among the resources of this kind on one host. */
  name(resource: R): string;
  /** sh that prints the present state of the given resources on standard output, and changes nothing. */
  probe(resources: readonly R[], platform: Platform): string;
  /** Parses what the probe printed: the observed state by resource name; a missing one could not be read. */
  read(output: string, resources: readonly R[]): ReadonlyMap<string, O>;
  /** The steps from what was observed to what is wished, none when they agree. `undefined`: not readable before apply. */
  change(resource: R, observed: O | undefined, context: ChangeContext): readonly Step[];
  /**
   * What is written into the host's manifest before the first change. A kind without `remember` and `remove` has nothing of its
   * own on a host: it comes and goes with another resource, as an export does with its file.
   *
   * @param earlier what the manifest holds already: its `before` is the one that counts.
   * @returns undefined: nothing of it is lvsctl's.
   */
  remember?(resource: R, observed: O | undefined, earlier: Remembered<R, O> | undefined): Remembered<R, O> | undefined;
  /** Path of the file whose original is kept in the manifest at the first change, for a kind whose `before` is a file. */
  original?(resource: R): string;
  /**
   * Where the original of {@link original} is kept, as a resource of this kind: it is observed together with the resource, and is
   * then the `before` of `remove`.
   */
  keptAs?(resource: R, path: string): R;
  /**
   * The steps from what was observed back to how it was before, none when it is so. They leave alone what was there before, and
   * data; what another resource of the host may have taken away by then (a stopped service its address) is no failure.
   */
  remove?(resource: R, observed: O | undefined, before: O | undefined, context: RemoveContext): readonly Step[];
}

/** Names a resource across kinds. */
export function ref(kind: string, name: string): ResourceRef {
  return `${kind} ${name}`;
}
