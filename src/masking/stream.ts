import { StringDecoder } from 'node:string_decoder';
import type { Range } from './known.ts';

/** What {@link MaskedText} looks for; see KnownSecrets. */
export interface Finder {
  find(text: string): readonly Range[];
  beginning(text: string): number;
}

/** Characters that were given out already and may turn out to have begun a secret. */
const remembered = 3;

/**
 * Masks secrets in a text that comes in parts, wherever it is cut. What may be the beginning of a secret is kept back until it
 * is clear; of a shorter beginning than that the rest is masked.
 */
export class MaskedText {
  readonly #finder: Finder;
  /** The last characters given out, then those kept back. */
  #past = '';
  #kept = '';

  constructor(finder: Finder) {
    this.#finder = finder;
  }

  /** Takes a part; gives what can be shown by now. */
  push(part: string): string {
    return this.#show(part, false);
  }

  /** The rest. A beginning of a secret that nothing followed is masked. */
  end(): string {
    return this.#show('', true);
  }

  #show(part: string, last: boolean): string {
    const text = this.#past + this.#kept + part;
    const from = this.#past.length;
    const ranges = [...this.#finder.find(text)];
    let beginning = this.#finder.beginning(text);
    if (last && beginning < text.length) {
      ranges.push({ start: beginning, end: text.length });
      ranges.sort((a, b) => a.start - b.start);
      beginning = text.length;
    }
    const until = Math.max(from, beginning);
    const parts: string[] = [];
    let at = from;
    for (const { start, end } of ranges) {
      if (end <= at || start >= beginning) continue;
      parts.push(text.slice(at, Math.max(at, start)), '********');
      at = end;
    }
    if (at < until) parts.push(text.slice(at, until));
    this.#past = text.slice(Math.max(0, Math.max(at, until) - remembered), Math.max(at, until));
    this.#kept = text.slice(Math.max(at, until));
    return parts.join('');
  }
}

type Done = (error?: Error | null) => void;

const masked = new WeakMap<NodeJS.WritableStream, () => void>();

/**
 * Lets nothing leave by a stream, whoever writes to it, before secrets are masked in it. Gives what writes out, at the end, what
 * was kept back.
 */
export function maskWrites(stream: NodeJS.WritableStream, finder: Finder): () => void {
  const before = masked.get(stream);
  if (before !== undefined) return before;
  const text = new MaskedText(finder);
  const decoder = new StringDecoder('utf8');
  const write: (text: string, done?: Done) => boolean = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const bytes =
      typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk;
    return write(text.push(decoder.write(Buffer.from(bytes))), typeof encoding === 'function' ? encoding : done);
  };
  const finish = (): void => {
    const rest = text.push(decoder.end()) + text.end();
    if (rest !== '') write(rest);
  };
  masked.set(stream, finish);
  return finish;
}
