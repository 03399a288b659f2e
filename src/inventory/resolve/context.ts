import { printable, type Problem, problemAt } from '../problem.ts';
import { type HostIndex, newBudget, selectNames } from '../pattern.ts';
import type { Path, Places } from '../yaml/places.ts';
import type { Result } from '../../result.ts';
import type { Answered } from '../../secrets/asked.ts';

/** What reading an inventory needs from the machine; handed in, so that reading itself touches nothing. */
export interface Surroundings {
  /** For secrets (`env: NAME`) and `~` (HOME). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file on this machine, a secret's or a script's, or why it cannot be read. */
  readonly readFile: (path: string) => Result<string, string>;
  /** A secret that has to be asked for: what was answered, undefined when nobody was asked yet. */
  readonly answered: Answered;
  /** Whether a folder is there. */
  readonly isFolder: (path: string) => boolean;
}

/** What the parts of an inventory share while they are resolved. */
export class Context {
  readonly problems: Problem[] = [];
  readonly #places: Places;
  readonly around: Surroundings;
  /** Absolute folder of the inventory. */
  readonly folder: string;
  #index: HostIndex = { positions: new Map(), groups: new Map() };
  /** Content of the scripts for the directors, by the path they will have there. */
  readonly scripts = new Map<string, string>();
  readonly #budget = newBudget();

  constructor(places: Places, around: Surroundings, folder: string) {
    this.#places = places;
    this.around = around;
    this.folder = folder;
  }

  /** The names that patterns may speak of from now on. */
  knows(positions: HostIndex['positions'], groups: HostIndex['groups']): void {
    this.#index = { positions, groups, budget: this.#budget };
  }

  get index(): HostIndex {
    return this.#index;
  }

  /** Notes a problem at a path, as it is written. */
  report(rule: string, path: Path, message: string, hint?: string, part?: 'key' | 'value'): void {
    if (this.problems.length < 1_000) {
      this.problems.push(
        problemAt(this.#places.written(path, part), rule, printable(message), hint && printable(hint)),
      );
    }
  }

  /** Says where something that the cluster names differently was written, for the rules. */
  link(path: Path, source: Path): void {
    this.#places.link(path, source);
  }

  /** The hosts of a list of patterns, in the order written; what selects nothing is reported at its entry. */
  select(entries: readonly string[], path: Path, listed = true): readonly string[] {
    if (this.#budget.names < 0) return [];
    const { names, faults } = selectNames(this.index, entries);
    if (this.#budget.names < 0) {
      this.report('too-large', path, 'the lists up to here name more hosts together than are read');
      return [];
    }
    for (const { entry, message, hint } of faults) {
      this.report('reference', listed ? [...path, entry] : path, message, hint);
    }
    if (faults.length === 0 && names.length === 0) this.report('reference', path, 'these patterns select no host');
    const written = new Set<string>();
    entries.forEach((entry, n) => {
      if (written.has(entry)) this.report('duplicate', [...path, n], `"${entry}" is in this list twice`);
      written.add(entry);
    });
    return names;
  }

  /** The hosts of one pattern. */
  selectOne(entry: string, path: Path): readonly string[] {
    if (/^[!&]/.test(entry)) {
      this.report('reference', path, `"${entry}" only takes away from a list; name the hosts here`);
      return [];
    }
    return this.select([entry], path, false);
  }
}
