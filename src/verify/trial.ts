import { quote } from '../ssh/quote.ts';

/** Seconds for one trial. All of a host are made at once. */
export const patience = 10;

/** timeout(1) before a command that may hang. It ends with 124, or 137 where the command did not heed SIGTERM. */
export const inTime = `timeout -k 2 ${patience}`;

/** What a trial says when its time is over. */
export const lateText = `no answer within ${patience} seconds`;

/** One run of the command of {@link tryAll}. */
export interface Trial {
  /** Told apart from the others of its label by it. */
  readonly number: number;
  /** The command's `$2`; its `$1` is the number. */
  readonly argument: string;
  /** sh that ends in `;` or `&&` and comes first; empty by default. */
  readonly first?: string;
}

/** What came of a trial. */
export interface Outcome {
  readonly exit: number;
  /** The first line of what it printed, at most 300 bytes. Raw. */
  readonly said: string;
  /** Its time was over. */
  readonly late: boolean;
}

/**
 * sh that makes all trials at once, each within {@link patience} seconds, and waits for them. `command` is a command with its
 * words quoted; `nonce` begins the lines that nobody else must be able to forge. {@link readTrial} reads what it prints.
 */
export function tryAll(nonce: string, label: string, command: string, trials: readonly Trial[]): string {
  return [
    `try() {
  said=$(${inTime} ${command} 2>&1)
  printf '\\n${nonce} ${label} %s %s %.300s\\n' "$1" $? "$said"
}`,
    ...trials.map(({ number, argument, first = '' }) => `{ ${first}try ${number} ${quote(argument)}; } &`),
    'wait',
  ].join('\n');
}

/** What came of one trial; undefined: it was not made. */
export function readTrial(output: string, nonce: string, label: string, number: number): Outcome | undefined {
  const found = new RegExp(`^${nonce} ${label} ${number} (\\d+) (.*)$`, 'm').exec(output);
  if (found === null) return undefined;
  const exit = Number(found[1]);
  return { exit, said: found[2] ?? '', late: exit === 124 || exit === 137 };
}
