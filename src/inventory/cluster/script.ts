/** A script of the operator's machine with the place it has on the hosts. */
export interface Script {
  /** Absolute path on a director. */
  readonly path: string;
  readonly content: string;
}
