import { LabFailure } from '../failure.ts';
import type { RpmRecipe } from './rpms.ts';

/** A Debian package in a file, as its control file has it (deb-control(5)). */
export interface Deb {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  /** `Depends` and `Pre-Depends`: alternatives by `|`, in a list by commas. */
  readonly depends: string;
}

/** A package to be built: a recipe, and what is known of it once the Debian packages are. */
export interface Rpm extends RpmRecipe {
  /** Upstream's, as rpm may have it: neither an epoch nor a hyphen. */
  readonly version: string;
  /** Files of the Debian packages. */
  readonly files: readonly string[];
  readonly requires: readonly string[];
}

/**
 * Which packages to build: those of the recipes, and one of its own for each Debian package that these depend on. A dependency
 * that is not among the Debian packages is one that every host has. Throws a LabFailure when a recipe's own is not.
 */
export function planRpms(recipes: readonly RpmRecipe[], debs: readonly Deb[]): Rpm[] {
  const known = new Map(debs.map((deb) => [deb.name, deb]));
  const homes = new Map(recipes.flatMap((recipe) => recipe.debs.map((deb) => [deb, recipe.name] as const)));
  const planned = new Map<string, Rpm>();
  const waiting: RpmRecipe[] = [...recipes];
  for (let recipe = waiting.shift(); recipe !== undefined; recipe = waiting.shift()) {
    const { name } = recipe;
    if (planned.has(name)) continue;
    const own = recipe.debs.map((deb) => known.get(deb) ?? fail(deb, name));
    const needed = own.flatMap((deb) => dependencies(deb.depends, known)).filter((deb) => !recipe.debs.includes(deb));
    const requires = new Set([...(recipe.requires ?? []), ...needed.map((deb) => homes.get(deb) ?? deb)]);
    planned.set(name, {
      ...recipe,
      version: upstream(own[0]?.version ?? '0'),
      files: own.map(({ file }) => file),
      requires: [...requires].sort(),
    });
    waiting.push(...needed.filter((deb) => !homes.has(deb)).map((deb) => ({ name: deb, debs: [deb] })));
  }
  return [...planned.values()];
}

/** Of each dependency the first alternative that is known. */
function dependencies(depends: string, known: ReadonlyMap<string, Deb>): string[] {
  return depends.split(',').flatMap((each) => {
    const names = each.split('|').map((one) => one.trim().replace(/[ (:].*$/, ''));
    const found = names.find((name) => known.has(name));
    return found === undefined ? [] : [found];
  });
}

/** deb-version(7) is [EPOCH:]UPSTREAM[-REVISION]. */
function upstream(version: string): string {
  return version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replaceAll('-', '.');
}

function fail(deb: string, rpm: string): never {
  throw new LabFailure(`package ${rpm} is made of ${deb}, which the Debian image does not offer`);
}
