import { dirname } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import { redact } from '../secret.ts';
import type { Cluster, InventorySource } from './cluster.ts';
import { inFileOrder, type Problem } from './problem.ts';
import { resolve } from './resolve.ts';
import { Context, type Surroundings } from './resolve/context.ts';
import { rules } from './rules/index.ts';
import { schema, type Written } from './schema.ts';
import { problemsOf } from './schema/issues.ts';
import { prune, type Pruned } from './schema/prune.ts';
import { maskSecrets } from './yaml/mask.ts';
import { parseYaml } from './yaml/parse.ts';
import { type Places, placesOf } from './yaml/places.ts';
import { type Tree, treeOf } from './yaml/tree.ts';

const smallest = `the smallest inventory:
cluster: shop
hosts:
  lb1: { address: 10.77.0.11 }`;

/** More problems than this help nobody; what else there is shows when they are solved. */
const mostProblems = 300;

/** Where an inventory comes from, and how the user called it. */
export interface Source extends InventorySource {
  /** The name in messages; the absolute path unless given. */
  readonly shown?: string;
}

/**
 * Reads an inventory: YAML, then its shape, then its references, then the rules. Everything found is reported at once, in file
 * order; each step goes on as long as what came before can be relied upon. Pure apart from what is handed in, and never throws.
 */
export function readCluster(text: string, source: Source, around: Surroundings): Result<Cluster, Problem[]> {
  const file = source.shown ?? source.file;
  const parsed = parseYaml(text, file);
  const tree = treeOf(parsed);
  const places = placesOf(tree.root, parsed.lines, file);
  const readable = parsed.problems.length === 0 && parsed.document !== undefined;
  const root = parsed.document === undefined ? undefined : tree.root;
  const masked = maskSecrets(text, root, readable && tree.faults.length === 0);
  const lines = { masked: masked.split(/\r?\n/), written: text.split(/\r?\n/) };
  const fail = (problems: readonly Problem[]) =>
    err(
      inFileOrder(problems)
        .slice(0, mostProblems)
        .map((problem) => withExcerpt(problem, lines)),
    );

  if (!readable) return fail(parsed.problems);
  const faults = tree.faults.map(({ offset, message, hint }): Problem => {
    const { line, col } = parsed.lines.linePos(offset);
    return { rule: 'yaml', file, line, column: col, path: '', message, ...(hint === undefined ? {} : { hint }) };
  });
  if (faults.length > 0) return fail(faults);
  if (tree.value === null || (typeof tree.value === 'object' && Object.keys(tree.value).length === 0)) {
    return fail([
      { rule: 'empty', file, line: 0, column: 0, path: '', message: 'the inventory is empty', hint: smallest },
    ]);
  }
  return readTree(tree, places, source, around, fail);
}

function readTree(
  tree: Tree,
  places: Places,
  source: Source,
  around: Surroundings,
  fail: (problems: readonly Problem[]) => Result<never, Problem[]>,
): Result<Cluster, Problem[]> {
  const context = new Context(places, around, dirname(source.file));
  const { data, problems, left } = shapeOf(tree.value, places);
  if (data === undefined) return fail(problems);
  const cluster = resolve(data, { file: source.file, digest: source.digest }, context);
  const resolved = context.problems.filter((problem) => left === undefined || stands(problem, left, problems));
  const whole = (left?.complete ?? true) && resolved.every(({ rule }) => !shaking.has(rule));
  const all = [
    ...problems,
    ...resolved,
    ...(whole ? rules.flatMap((rule) => rule.check(cluster, places.inCluster)) : []),
  ];
  return all.length > 0 ? fail(all) : ok(cluster);
}

/** Problems after which hosts, VIPs or real servers are missing: what the rules would say then is no news. */
const shaking = new Set([
  'reference',
  'range',
  'address',
  'address-family',
  'name',
  'directors',
  'group-circle',
  'vrrp-vips',
]);

/** Problems that are just as true when parts of the inventory had to be left out. */
const independent = new Set([
  'range',
  'address',
  'duplicate',
  'name',
  'secret',
  'group-circle',
  'options',
  'templates',
  'reference',
]);

function stands({ rule, path }: Problem, left: Pruned, before: readonly Problem[]): boolean {
  if (rule === 'address' && before.some((problem) => problem.path.startsWith(path))) return false;
  return left.complete || (independent.has(rule) && !(rule === 'reference' && left.hostsGone));
}

/** What has the right shape, and the problems of what has not. */
function shapeOf(value: unknown, places: Places): { data?: Written; problems: Problem[]; left?: Pruned } {
  const first = schema.safeParse(value);
  if (first.success) return { data: first.data, problems: [] };
  const problems = problemsOf(first.error.issues.slice(0, mostProblems), value, places).slice(0, mostProblems);
  if (first.error.issues.length > mostProblems) return { problems };
  let left = prune(value, first.error.issues);
  for (let round = 0; round < 3 && left !== undefined; round++) {
    const again = schema.safeParse(left.value);
    if (again.success) return { data: again.data, problems, left };
    left = prune(left.value, again.error.issues, left);
  }
  return { problems };
}

/** Lines of the text, as they may be shown and as they are. */
interface Lines {
  readonly masked: readonly string[];
  readonly written: readonly string[];
}

/** Adds the source line. A problem of YAML inside a secret gets a message that quotes nothing. */
function withExcerpt(problem: Problem, { masked, written }: Lines): Problem {
  if (problem.line === 0) return problem;
  const excerpt = masked[problem.line - 1] ?? '';
  const at = problem.column - 1;
  const inSecret = excerpt[at] === '*' && excerpt.slice(at, at + 4) !== written[problem.line - 1]?.slice(at, at + 4);
  const { message, hint, ...place } = problem;
  const said =
    inSecret && problem.rule === 'yaml'
      ? { message: 'this secret is not plain text to YAML', hint: 'put it in quotes' }
      : { message, hint };
  return {
    ...place,
    message: redact(said.message),
    ...(said.hint === undefined ? {} : { hint: redact(said.hint) }),
    excerpt: redact(excerpt),
  };
}
