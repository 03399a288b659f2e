import { formsOf, fewest } from './forms.ts';

/** A part of a text, from `start` up to and without `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Characters of a piece by which the middle of a long secret is found. */
const window = 12;

/** As many characters of a long secret in a row are taken for a piece of it. */
const fewestInPiece = 20;

/** The secrets of a process, in every form they may be met in. */
export class KnownSecrets {
  readonly #values = new Set<string>();
  readonly #all = new Set<string>();
  /** All forms by their first four characters, the longest first. */
  readonly #forms = new Map<string, string[]>();
  /** Where in which form the pieces of the long ones stand. */
  readonly #pieces = new Map<string, { readonly form: string; readonly at: number }[]>();
  /** Characters of the longest form that is one line. */
  #longest = 0;

  /** From now on this is looked for; fewer than four characters are not. */
  add(value: string): void {
    if (value.length < fewest || this.#values.has(value)) return;
    this.#values.add(value);
    const touched = new Set<string[]>();
    for (const form of formsOf(value).filter((one) => !this.#all.has(one))) {
      this.#all.add(form);
      const start = form.slice(0, fewest);
      const alike = this.#forms.get(start) ?? [];
      alike.push(form);
      this.#forms.set(start, alike);
      touched.add(alike);
      if (!form.includes('\n')) this.#longest = Math.max(this.#longest, form.length);
      this.#cut(form);
    }
    for (const alike of touched) alike.sort((a, b) => b.length - a.length);
  }

  /** The secrets themselves, in a fixed order. */
  get values(): readonly string[] {
    return [...this.#values].sort();
  }

  /** Where secrets stand in a text, in order and apart from each other. */
  find(text: string): readonly Range[] {
    const found: Range[] = [];
    if (this.#forms.size === 0) return found;
    for (let at = 0; at + fewest <= text.length; at++) {
      const form = this.#forms.get(text.slice(at, at + fewest))?.find((one) => text.startsWith(one, at));
      if (form !== undefined) found.push({ start: at, end: at + form.length });
    }
    this.#findPieces(text, found);
    return merged(found);
  }

  /**
   * The start of what may be the beginning of a secret, at the end of a text; its length if there is none. Four characters are a
   * beginning.
   */
  beginning(text: string): number {
    for (let at = Math.max(0, text.length - this.#longest); at + fewest <= text.length; at++) {
      const alike = this.#forms.get(text.slice(at, at + fewest));
      if (alike === undefined) continue;
      const rest = text.slice(at);
      if (alike.some((form) => form.length > rest.length && form.startsWith(rest) && !form.includes('\n'))) return at;
    }
    return text.length;
  }

  /** Long forms are also known by their pieces: what is wrapped or cut holds no whole one. */
  #cut(form: string): void {
    for (const line of form.split('\n')) {
      if (line.length < fewestInPiece || /^-----(?:BEGIN|END) /.test(line)) continue;
      for (let at = 0; at + window <= line.length; at += fewestInPiece - window + 1) {
        const piece = line.slice(at, at + window);
        if (new Set(piece).size < 5) continue;
        const places = this.#pieces.get(piece);
        if (places === undefined) this.#pieces.set(piece, [{ form: line, at }]);
        else if (places.length < 8) places.push({ form: line, at });
      }
    }
  }

  #findPieces(text: string, found: Range[]): void {
    if (this.#pieces.size === 0) return;
    for (let at = 0; at + window <= text.length; at++) {
      for (const place of this.#pieces.get(text.slice(at, at + window)) ?? []) {
        const range = widest(text, at, place.form, place.at);
        if (range.end - range.start < fewestInPiece) continue;
        found.push(range);
        at = Math.max(at, range.end - window);
      }
    }
  }
}

/** What a text and a form have in common around a place. */
function widest(text: string, inText: number, form: string, inForm: number): Range {
  let before = 0;
  while (before < inForm && before < inText && text[inText - before - 1] === form[inForm - before - 1]) before++;
  let after = window;
  while (inForm + after < form.length && text[inText + after] === form[inForm + after]) after++;
  return { start: inText - before, end: inText + after };
}

function merged(ranges: Range[]): Range[] {
  ranges.sort((a, b) => a.start - b.start);
  const out: { start: number; end: number }[] = [];
  for (const { start, end } of ranges) {
    const last = out.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else out.push({ start, end });
  }
  return out;
}
