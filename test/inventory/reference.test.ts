import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { withReference } from '../../src/inventory/reference.ts';
import { jsonSchema, schema } from '../../src/inventory/schema.ts';
import { notes } from '../../src/inventory/schema/key.ts';

const file = 'docs/inventory.md';

test('docs/inventory.md holds the keys and rules of the schema (vitest -u brings it up to date)', async () => {
  await expect(withReference(readFileSync(file, 'utf8'))).toMatchFileSnapshot(`../../${file}`);
});

test('every key of every map is described', () => {
  const without: string[] = [];
  const walk = (at: z.core.$ZodType, path: string): void => {
    if (at instanceof z.ZodOptional) walk(at.unwrap(), path);
    else if (at instanceof z.ZodUnion) for (const option of at.options) walk(option, path);
    else if (at instanceof z.ZodArray) walk(at.element, `${path}[]`);
    else if (at instanceof z.ZodRecord) walk(at.valueType, `${path}.NAME`);
    else if (at instanceof z.ZodObject) {
      expect(at.def.catchall, path).toBeInstanceOf(z.ZodNever);
      const shape = at.shape as Record<string, z.ZodType>;
      for (const [key, value] of Object.entries(shape)) {
        if (!notes.has(value)) without.push(`${path}.${key}`);
        walk(value, `${path}.${key}`);
      }
    }
  };
  walk(schema, '');
  expect(without).toEqual([]);
});

test('the JSON Schema of an inventory has words, bounds and defaults', () => {
  const json = jsonSchema() as {
    properties: Record<string, { additionalProperties: { properties: Record<string, unknown> } }>;
  };
  expect(json).toMatchObject({ type: 'object', required: ['cluster', 'hosts'], additionalProperties: false });
  expect(json.properties['services']?.additionalProperties.properties['scheduler']).toMatchObject({
    default: 'wlc',
    enum: expect.arrayContaining(['wrr', 'mh']) as unknown,
    description: expect.stringContaining('IPVS scheduler') as unknown,
  });
  expect(json.properties['vrrp']?.additionalProperties.properties['vrid']).toMatchObject({ minimum: 1, maximum: 255 });
});
