import { KnownSecrets } from './masking/known.ts';

const hidden = '********';

/** Every secret that this process has been given. */
export const known = new KnownSecrets();

/**
 * A value that must never be shown. It prints, serialises and interpolates as asterisks; only {@link Secret.reveal} gives
 * it out, and only where it is handed to a host. Every secret that was made is also known to {@link redact}.
 */
export class Secret {
  readonly #value: string;
  /** Where it came from, for messages: `environment variable X`, `file /path`, `the inventory`. */
  readonly source: string;

  constructor(value: string, source: string) {
    this.#value = value;
    this.source = source;
    known.add(value);
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  /** The same as the text of a file: it ends with a line break. */
  asText(): Secret {
    return this.#value.endsWith('\n') ? this : new Secret(`${this.#value}\n`, this.source);
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

/**
 * Replaces every secret that this process has been given (four characters or more) by asterisks, also where it is encoded: see
 * {@link KnownSecrets}.
 */
export function redact(text: string): string {
  const ranges = known.find(text);
  if (ranges.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    parts.push(text.slice(at, start), hidden);
    at = end;
  }
  return parts.join('') + text.slice(at);
}

/** Hands all secrets of this process, in a fixed order, to a slow digest; empty when there are none. */
export function secretsDigest(digest: (all: string) => string): string {
  return known.values.length === 0 ? '' : digest(known.values.join('\0'));
}
