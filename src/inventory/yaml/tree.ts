import { isAlias, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Parsed } from './parse.ts';

/** Where a value stands, and where the values inside it do. Offsets into the text. */
export interface Spot {
  /** Start of its key; undefined for list items and the root. */
  readonly key: number | undefined;
  readonly start: number;
  readonly end: number;
  readonly inside: ReadonlyMap<string | number, Spot> | undefined;
  /** What an alias leads to. */
  readonly target?: Spot;
}

/** A fault met while the tree was built, by offset. */
interface TreeFault {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

/** The plain value of a document, the places in it, and what could not be taken over. */
export interface Tree {
  readonly value: unknown;
  readonly root: Spot;
  readonly faults: readonly TreeFault[];
}

/** The most values that aliases may add; beyond it the text is taken for an alias bomb. */
const mostAliased = 20_000;

/**
 * Turns a document into plain maps, lists and scalars, and remembers the place of each. Aliases and merge keys (`<<`) are
 * followed, in bounds. Keys are the texts as written. Duplicate keys, numbers with leading zeros and the like are faults.
 */
export function treeOf(parsed: Parsed): Tree {
  const faults: TreeFault[] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  let aliased = 0;
  let depth = 0;

  type Built = { readonly value: unknown; readonly spot: Spot };
  const fault = (offset: number, message: string, hint?: string) => {
    if (faults.length < 50) faults.push({ offset, message, ...(hint === undefined ? {} : { hint }) });
  };
  const nothing = (offset: number, key?: number): Built => ({
    value: null,
    spot: { key, start: offset, end: offset, inside: undefined },
  });

  function build(node: Node | null | undefined, key: number | undefined, from: number): Built {
    if (node === null || node === undefined) return nothing(from, key);
    const [start, end] = [node.range?.[0] ?? from, node.range?.[1] ?? from];
    if (depth > 0 && ++aliased > mostAliased) {
      if (aliased === mostAliased + 1) fault(start, `aliases blow the inventory up to more than ${mostAliased} values`);
      return nothing(start, key);
    }
    if (isAlias(node)) return follow(node.source, start, end, key);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    const spot = (inside?: ReadonlyMap<string | number, Spot>): Spot => ({ key, start, end, inside });
    if (isScalar(node)) return { value: scalar(node.value, node.source, node.type, node.anchor, start), spot: spot() };
    open.add(node);
    let built: Built;
    if (isSeq(node)) {
      const items = node.items.map((item) => build(isPair(item) ? null : (item as Node), undefined, start));
      built = { value: items.map((item) => item.value), spot: spot(new Map(items.map((item, n) => [n, item.spot]))) };
    } else {
      const { value, inside } = map(node as YAMLMap<Node, Node | null>);
      built = { value, spot: spot(inside) };
    }
    open.delete(node);
    return built;
  }

  function follow(name: string, start: number, end: number, key: number | undefined): Built {
    const target = anchors.get(name);
    if (target === undefined || open.has(target)) {
      const why = target === undefined ? `nothing is anchored as "${name}"` : `"*${name}" stands inside what it names`;
      fault(start, why, `in YAML * starts an alias: if a pattern is meant, quote it: '*${name}'`);
      return nothing(start, key);
    }
    depth++;
    const { value, spot } = build(target, key, start);
    depth--;
    return { value, spot: { ...spot, start, end, target: spot } };
  }

  function scalar(
    value: unknown,
    source: string | undefined,
    type: string | undefined,
    anchor: string | undefined,
    at: number,
  ) {
    if (typeof value === 'string') return parsed.show(value);
    if (type === 'PLAIN' && source !== undefined && /^[-+]?0\d+$/.test(source)) {
      const number = Number(source);
      fault(
        at,
        `${source} is ambiguous: ${number} in YAML 1.2, octal elsewhere`,
        `write ${number}, or quote it to keep the zeros: '${source}'`,
      );
    }
    if (value === null && anchor !== undefined) {
      fault(
        at - anchor.length - 1,
        `"&${anchor}" is a YAML anchor here`,
        `to keep only the hosts of a group, quote it: '&${anchor}'`,
      );
    }
    return value;
  }

  function map(node: YAMLMap<Node, Node | null>) {
    const value: Record<string, unknown> = {};
    const inside = new Map<string, Spot>();
    const merges: Built[] = [];
    for (const pair of node.items) {
      const name = keyOf(pair, node.range?.[0] ?? 0);
      if (name === undefined) continue;
      const at = pair.key.range?.[0] ?? 0;
      if (name === '__proto__') {
        fault(at, '"__proto__" cannot be a key');
        continue;
      }
      const built = build(pair.value, at, pair.key.range?.[1] ?? at);
      if (name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        merges.push(...mergeSources(built));
        continue;
      }
      if (inside.has(name))
        fault(at, `the key "${name.slice(0, 60)}" is there twice`, 'one of the two would be lost: merge them');
      value[name] = built.value;
      inside.set(name, built.spot);
    }
    for (const source of merges) {
      for (const [name, spot] of source.spot.inside ?? []) {
        if (typeof name !== 'string' || inside.has(name)) continue;
        value[name] = (source.value as Record<string, unknown>)[name];
        inside.set(name, spot);
      }
    }
    return { value, inside };
  }

  function mergeSources({ value, spot }: Built): Built[] {
    if (isPlainMap(value)) return [{ value, spot }];
    if (Array.isArray(value) && value.every(isPlainMap)) {
      return (value as unknown[]).flatMap((one, n) => {
        const at = spot.inside?.get(n);
        return at === undefined ? [] : [{ value: one, spot: at }];
      });
    }
    fault(spot.start, 'the merge key "<<" needs a map or a list of maps', 'write <<: *anchor');
    return [];
  }

  function keyOf(pair: Pair<Node, Node | null>, from: number): string | undefined {
    const key = pair.key as Node | null;
    if (isScalar(key) && key.value !== null) {
      return parsed.show(typeof key.value === 'string' ? key.value : (key.source ?? JSON.stringify(key.value)));
    }
    fault(key?.range?.[0] ?? from, 'a key must be plain text', 'put the key in quotes if it starts with [, {, * or &');
    return undefined;
  }

  const { value, spot } = build(parsed.document?.contents, undefined, 0);
  return { value, root: spot, faults };
}

function isPlainMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
