import { parseTable, type TableService } from '../ipvs/table.ts';
import { readFacts } from '../observe/facts.ts';
import type { Snapshot } from './condition.ts';

/** Seconds between two looks of a director at itself. */
export const lookEvery = 0.3;

/**
 * sh that tells again and again how a director is, for so many seconds: its addresses and its table between lines that begin with
 * `mark`, which nobody can have known before. The time is the host's own /proc/uptime, proc(5): it does not jump, and reading it starts no process.
 */
export function watchScript(mark: string, seconds: number): string {
  return `
now() { read -r up _ </proc/uptime; }
now
stop_at=$((\${up%.*} + ${Math.ceil(seconds)}))
while now; [ "\${up%.*}" -lt $stop_at ]; do
  printf '${mark} look %s\\n' "$up"
  ip -o addr show
  ipvsadm -Ln
  printf '${mark} seen\\n' || exit 0
  sleep ${lookEvery}
done
`;
}

/** Most lines that one look may have: a table of some thousand real servers. */
const mostLines = 20_000;

/** Puts the lines of {@link watchScript} together. What makes no sense is dropped; so is a look that is too long. */
export class WatchReader {
  readonly #mark: string;
  readonly #tell: (at: number, snapshot: Snapshot) => void;
  #at: number | undefined;
  #lines: string[] = [];

  /** @param tell is called with each look and when it began, in seconds of the host's uptime. */
  constructor(mark: string, tell: (at: number, snapshot: Snapshot) => void) {
    this.#mark = mark;
    this.#tell = tell;
  }

  line(line: string): void {
    const [mark, word, time = ''] = line.split(' ', 3);
    if (mark !== this.#mark) {
      if (this.#lines.length < mostLines) this.#lines.push(line);
      return;
    }
    if (word === 'look') {
      this.#at = readUptime(time);
      this.#lines = [];
      return;
    }
    if (word !== 'seen' || this.#at === undefined || this.#lines.length >= mostLines) return;
    const snapshot = readSnapshot(this.#lines);
    if (snapshot) this.#tell(this.#at, snapshot);
    this.#at = undefined;
  }
}

/** Seconds as /proc/uptime has them; undefined: no such thing. */
export function readUptime(text: string): number | undefined {
  return /^\d{1,10}\.\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function readSnapshot(lines: readonly string[]): Snapshot | undefined {
  const start = lines.findIndex((line) => line.startsWith('IP Virtual Server'));
  const split = start < 0 ? lines.length : start;
  const table = parseTable(lines.slice(split).join('\n'));
  const { addresses } = readFacts(lines.slice(0, split).join('\n'));
  const own = addresses.filter((one) => one.interface !== 'lo').map(({ address }) => address);
  const services: readonly TableService[] | undefined = start < 0 ? [] : table.ok ? table.value : undefined;
  return services && { addresses: new Set(own), table: services };
}
