import { quote } from '../ssh/quote.ts';

/** The commands of a package manager, as sh. Package names are checked by the inventory and quoted here. */
export interface PackageManager {
  /** Prints `NAME VERSION` for each installed package of the list. */
  query(names: readonly string[]): string;
  /** Prints `NAME VERSION` for each package of the list that could be installed from the lists already on the host. */
  candidates(names: readonly string[]): string;
  /** Refreshes the lists and makes sure, changing nothing else, that the packages could be installed and removed. */
  prepare(install: readonly string[], remove: readonly string[]): string;
  /**
   * Installs; never replaces a configuration file that is there. The units of `later` need not be started: that happens
   * when they have their configuration.
   */
  install(names: readonly string[], later: readonly string[]): string;
  /** Removes, keeping configuration files that somebody changed. */
  remove(names: readonly string[]): string;
}

/** Names as words of sh. */
export const words = (names: readonly string[]): string => names.map(quote).join(' ');
