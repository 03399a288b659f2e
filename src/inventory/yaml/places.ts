import type { LineCounter } from 'yaml';
import type { Place } from '../problem.ts';
import { showPath } from './path.ts';
import type { Spot } from './tree.ts';

/** The way to a value: keys and list indexes from the top. */
export type Path = readonly (string | number)[];

/**
 * Finds the place of a path in the text. A path that is not there gets the place of what is nearest above it; one with
 * nothing above it but the file itself gets none. Maps and lists are pointed at by their key, other values themselves.
 */
export type PlaceOf = (path: Path, part?: 'key' | 'value') => Place;

/** The two ways to name what is in an inventory. */
export interface Places {
  /** By the keys and list indexes as they are written. */
  readonly written: PlaceOf;
  /** By what became of it in the cluster: expanded hosts, real servers by their final number, defaults. */
  readonly inCluster: PlaceOf;
  /** Says that what the cluster knows as `path` was written as `source`. */
  readonly link: (path: Path, source: Path) => void;
}

/** {@link Places} over the tree of a text. */
export function placesOf(root: Spot, lines: LineCounter, file: string): Places {
  const links = new Map<string, Path>();
  const sourceOf = (path: Path): Path => {
    for (let length = path.length; length > 0; length--) {
      const source = links.get(keyOf(path.slice(0, length)));
      if (source !== undefined) return [...source, ...path.slice(length)];
    }
    return path;
  };
  const written: PlaceOf = (path, part) => {
    const spot = find(root, path);
    const byKey = part === undefined ? spot?.inside !== undefined : part === 'key';
    const offset = byKey ? (spot?.key ?? spot?.start) : spot?.start;
    const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset);
    return { file, line, column: col, path: showPath(path) };
  };
  return {
    written,
    inCluster: (path, part) => written(sourceOf(path), part),
    link: (path, source) => void links.set(keyOf(path), source),
  };
}

function find(root: Spot, path: Path): Spot | undefined {
  let spot = root;
  for (const [n, step] of path.entries()) {
    const next = spot.inside?.get(step);
    if (next === undefined) return n === 0 ? undefined : spot;
    spot = next;
  }
  return spot;
}

function keyOf(path: Path): string {
  return path.join('\u0000');
}
