import type { Lab } from '../src/lab/index.ts';

/** The command line that runs a command in the operator's network of a lab. */
export function inNetwork(lab: Lab, argv: readonly string[]): string[] {
  return ['ip', 'netns', 'exec', lab.namespace, ...argv];
}
