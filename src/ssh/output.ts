/** Longest line handed to a listener, in bytes; the rest of it is dropped. */
export const maxLineBytes = 64 * 1024;

/** Bytes kept of what comes before the host is ready: messages of the day, sudo's lecture, errors. */
const maxPreamble = 64 * 1024;

/**
 * One output of a host: what comes before a mark is kept apart, what comes after it is collected up to a limit, and its lines
 * are handed out. The host may send anything, cut anywhere.
 */
export class Output {
  readonly #mark: Buffer;
  readonly #limit: number;
  readonly #onLine: ((line: string) => void) | undefined;
  #preamble: Buffer = Buffer.alloc(0);
  #marked = false;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #line: Buffer[] = [];
  #lineSize = 0;

  constructor(mark: string, limit: number, onLine?: (line: string) => void) {
    this.#mark = Buffer.from(mark);
    this.#limit = limit;
    this.#onLine = onLine;
  }

  /** Whether the mark has been seen. */
  get marked(): boolean {
    return this.#marked;
  }

  /** Whether more came than may be kept. */
  get overflown(): boolean {
    return this.#size > this.#limit;
  }

  /** What came before the mark, at most 64 KiB of its end. */
  get preamble(): string {
    return this.#preamble.toString();
  }

  /** Forgets what came before the mark so far. */
  forgetPreamble(): void {
    if (!this.#marked) this.#preamble = Buffer.alloc(0);
  }

  /** What came after the mark. */
  collected(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Takes what arrived. */
  push(chunk: Buffer): void {
    if (this.#marked) {
      this.#collect(chunk);
      return;
    }
    const all = Buffer.concat([this.#preamble, chunk]);
    const at = all.indexOf(this.#mark);
    this.#marked = at >= 0;
    this.#preamble = Buffer.from((at < 0 ? all : all.subarray(0, at)).subarray(-maxPreamble));
    if (at >= 0) this.#collect(all.subarray(at + this.#mark.length));
  }

  #collect(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#size += chunk.length;
    if (this.#size > this.#limit) return;
    this.#chunks.push(chunk);
    if (this.#onLine !== undefined) this.#split(chunk, this.#onLine);
  }

  #split(chunk: Buffer, onLine: (line: string) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      onLine(Buffer.concat(this.#line).toString());
      this.#line = [];
      this.#lineSize = 0;
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    const kept = part.subarray(0, maxLineBytes - this.#lineSize);
    if (kept.length === 0) return;
    this.#line.push(kept);
    this.#lineSize += kept.length;
  }
}
