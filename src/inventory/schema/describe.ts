import * as z from 'zod';

/** What a schema wants, in words: `a whole number from 1 to 65535`. */
export function wanted(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodOptional) return wanted(schema.unwrap());
  const title = schema instanceof z.ZodType ? schema.meta()?.title : undefined;
  if (title !== undefined) return title;
  if (schema instanceof z.ZodUnion) return schema.options.map(wanted).join(', or ');
  if (schema instanceof z.ZodNumber) return numbers(schema);
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.join(', ')}`;
  if (schema instanceof z.ZodLiteral) return [...schema.values].join(' or ');
  if (schema instanceof z.ZodArray) return `a list of ${plural(wanted(schema.element))}`;
  if (schema instanceof z.ZodRecord) return 'a map';
  if (schema instanceof z.ZodObject) return `a map of ${Object.keys(schema.shape).join(', ')}`;
  if (schema instanceof z.ZodString) return 'text';
  return 'anything';
}

function numbers({ minValue, maxValue, format }: z.ZodNumber): string {
  const number = format?.includes('int') ? 'a whole number' : 'a number';
  const bounded = minValue !== null && maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER;
  return bounded ? `${number} from ${minValue} to ${maxValue}` : number;
}

function plural(one: string): string {
  if (one.includes(', or ')) return one.split(', or ').map(plural).join(', or ');
  if (one.startsWith('a map')) return `maps${one.slice(5)}`;
  return one.replace(/^an? (.*)$/, (_, noun: string) => (noun.endsWith('s') ? `${noun}es` : `${noun}s`));
}

/** The schema of what stands at a path, without the wrapper that makes a key optional. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional) return schemaAt(schema.unwrap(), path);
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) {
      const found = schemaAt(option, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.core.$ZodType>;
    const inner = typeof step === 'string' && Object.hasOwn(shape, step) ? shape[step] : undefined;
    return inner === undefined ? undefined : schemaAt(inner, rest);
  }
  if (schema instanceof z.ZodRecord && typeof step === 'string') return schemaAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray && typeof step === 'number') return schemaAt(schema.element, rest);
  return undefined;
}

/** The keys that are allowed at a path. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const at = schemaAt(schema, path);
  const options = at instanceof z.ZodUnion ? at.options : [at];
  return options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : []));
}
