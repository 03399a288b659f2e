/**
 * The commands by which services are run, as sh for a step (apply/prelude.ts) or, `show`, for a probe. Units are named as the manager names
 * them: `nginx.service` by systemd, `nginx` by OpenRC.
 */
export interface ServiceManager {
  /**
   * Prints what is known of the units, a block of `Property=value` lines for each in the order given, a blank line between
   * them: `LoadState` (`loaded`), `ActiveState` (`active`, `inactive`, `failed` …), `UnitFileState` (`enabled` …) and when it
   * started: `ActiveEnterTimestamp=@SECONDS` since 1970, or `ActiveEnterTimestampMonotonic=MICROSECONDS` since the boot, and
   * then, once, `booted SECONDS`.
   */
  show(units: readonly string[]): string;
  /** Has a unit start at boot, unless it does already. */
  enable(unit: string): string;
  disable(unit: string): string;
  /** Starts a unit and makes sure that it runs; says what its log has when it does not. `reload`: if it runs, it takes up its configuration. */
  start(unit: string, reload: boolean): string;
  stop(unit: string): string;
  /** Has a running unit take up its configuration, keeping its connections, or start anew; fails when it does not run after it. */
  again(verb: 'reload' | 'restart', unit: string): string;
  /** Has the manager read its own files again, units that were written or /etc/fstab: before a service starts, or at the end of the stage. */
  reread(when: 'start' | 'end'): string;
  /** A unit of our own: how the manager names it, the file that it is, and the template of that file. */
  own(name: string): OwnUnit;
}

/** See {@link ServiceManager.own}. */
export interface OwnUnit {
  readonly unit: string;
  readonly path: string;
  /** Octal. */
  readonly mode: string;
  readonly template: string;
}
