/**
 * YAML takes `[` and `]` inside braces for a list, so `{ address: 10.77.0.[11:12] }` is no YAML. A range that follows a
 * name or an address directly could not mean anything else, so its brackets are hidden from the parser behind two
 * characters of the same width that the text does not use, and brought back in what it reads.
 */
export interface HiddenRanges {
  /** What the parser is given; every offset is that of the original. */
  readonly text: string;
  /** Brings the brackets back. */
  readonly show: (text: string) => string;
}

const range = /(?<=[A-Za-z0-9._-]|:[0-9A-Fa-f]*:)(?:\[\w{1,9}:\w{1,9}(?::\w{1,9})?\])+/g;

/** Hides the brackets of ranges; undefined when the text itself uses characters of the private area. */
export function hideRanges(text: string): HiddenRanges | undefined {
  if (/[\ue000\ue001]/.test(text)) return undefined;
  return {
    text: text.replace(range, (found) => found.replaceAll('[', '\ue000').replaceAll(']', '\ue001')),
    show: (hidden) => hidden.replaceAll('\ue000', '[').replaceAll('\ue001', ']'),
  };
}
