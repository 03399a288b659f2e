const hidden = '********';
const known = new Set<string>();

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
    if (value.length >= 4) known.add(value);
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
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

/** Replaces every secret that this process has been given (four characters or more) by asterisks. */
export function redact(text: string): string {
  let out = text;
  for (const secret of known) if (out.includes(secret)) out = out.replaceAll(secret, hidden);
  return out;
}

/** Hands all secrets of this process, in a fixed order, to a slow digest; empty when there are none. */
export function secretsDigest(digest: (all: string) => string): string {
  return known.size === 0 ? '' : digest([...known].sort().join('\0'));
}
