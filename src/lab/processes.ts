import { readFileSync } from 'node:fs';

/** A process that can be told from a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since the machine's start, proc_pid_stat(5) field 22. */
  readonly started: string;
  /** The machine's boot id. */
  readonly boot: string;
}

/** R, S, D, T (stopped), Z, …: proc_pid_stat(5) field 3. */
type ProcessState = string;

/** The mark of a running process; undefined when there is none. */
export function markOf(pid: number): ProcessMark | undefined {
  const stat = statOf(pid);
  return stat === undefined ? undefined : { pid, started: stat.started, boot: bootId() };
}

/** The state of the marked process; undefined when it has ended, even if its number was given to another. */
export function stateOf(mark: ProcessMark): ProcessState | undefined {
  if (mark.boot !== bootId()) return undefined;
  const stat = statOf(mark.pid);
  if (stat?.started !== mark.started || stat.state === 'Z' || stat.state === 'X') return undefined;
  return stat.state;
}

/** Reads a mark that was written as JSON; undefined when the file is missing or unreadable. */
export function readMark(file: string): ProcessMark | undefined {
  try {
    const { pid, started, boot } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessMark>;
    return pid === undefined || started === undefined || boot === undefined ? undefined : { pid, started, boot };
  } catch {
    return undefined;
  }
}

/** Signals the marked process, and never another one. False when it has ended. */
export function signal(mark: ProcessMark, name: NodeJS.Signals): boolean {
  if (stateOf(mark) === undefined) return false;
  try {
    return process.kill(mark.pid, name);
  } catch {
    return false;
  }
}

function statOf(pid: number): { state: ProcessState; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold blanks and parentheses: what follows the last one is counted.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
