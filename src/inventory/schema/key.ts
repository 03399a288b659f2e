import * as z from 'zod';

/** What the reference says about a key besides its type. */
export interface Note {
  /** What it is, a sentence. */
  readonly is: string;
  readonly unit?: string;
  /** The default as it would be written, or how it is found. */
  readonly otherwise?: string;
}

/** The notes of all keys, from which docs/inventory.md is made. */
export const notes = z.registry<Note>();

type Default = string | number | boolean | undefined;

/** Describes a key; the JSON Schema gets the same words as the reference. */
function noted<T extends z.ZodType>(schema: T, note: Note, value: Default): T {
  const description = [note.is, note.unit && `Unit: ${note.unit}.`, note.otherwise && `Default: ${note.otherwise}.`];
  const described = schema.meta({
    description: description.filter(Boolean).join(' '),
    ...(value === undefined ? {} : { default: value }),
  });
  notes.add(described, note);
  return described;
}

/** A key that must be there. */
export function required<T extends z.ZodType>(schema: T, is: string, unit?: string): T {
  return noted(schema, unit === undefined ? { is } : { is, unit }, undefined);
}

/** A key that may be left out; `otherwise` says what then holds, `value` that it is this plain value. */
export function optional<T extends z.ZodType>(
  schema: T,
  is: string,
  { value, otherwise, unit }: { value?: string | number | boolean; otherwise?: string; unit?: string } = {},
): z.ZodOptional<T> {
  const shown = otherwise ?? (value === undefined ? undefined : `\`${value}\``);
  const note = { is, ...(unit === undefined ? {} : { unit }), ...(shown === undefined ? {} : { otherwise: shown }) };
  return noted(schema.optional(), note, value);
}
