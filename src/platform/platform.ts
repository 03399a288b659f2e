/** What differs between distributions. One file a distribution; Debian and Ubuntu are the first. */
export interface Platform {
  readonly name: string;
  readonly packages: {
    readonly director: readonly string[];
    readonly nginx: readonly string[];
    readonly nfsServer: readonly string[];
    readonly nfsClient: readonly string[];
  };
  /** Folder that nginx.conf includes `*.conf` from, and a default site that comes with the package and is in the way. */
  readonly nginx: { readonly sites: string; readonly defaultSite: string | undefined };
  readonly units: { readonly keepalived: string; readonly nginx: string; readonly nfsServer: string };
  readonly packageManager: PackageManager;
}

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
  /** Removes, keeping configuration files. */
  remove(names: readonly string[]): string;
}
