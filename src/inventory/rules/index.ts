import type { Cluster } from '../cluster.ts';
import type { Place, Problem } from '../problem.ts';
import type { Path } from '../yaml/places.ts';

/** The place in the inventory of something in the cluster, by path: `['hosts', 'web2', 'address']`. */
export type PlaceOf = (path: Path, part?: 'key' | 'value') => Place;

/** Something that must hold across the inventory. */
export interface Rule {
  readonly name: string;
  /** What goes wrong otherwise, and where that is written. */
  readonly why: string;
  readonly check: (cluster: Cluster, place: PlaceOf) => Problem[];
}

/** Every rule, in the order they are tried. */
export const rules: readonly Rule[] = [];
