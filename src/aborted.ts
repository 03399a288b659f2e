/**
 * Whether a signal has fired. A function, since a signal may fire during an await: the compiler would take a property that it
 * has seen to be false for false ever after.
 */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}
