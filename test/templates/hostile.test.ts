import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TemplateError } from '../../src/templates/failure.ts';
import { createRender } from '../../src/templates/render.ts';

/*
 * A template that somebody else wrote: it makes text of the data it is given, and can do nothing else. It reads no file, calls no
 * function, and reaches nothing of JavaScript.
 */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvsctl-templates-'));
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'outside.hbs'), 'outside');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const data = {
  host: 'web1',
  list: [1, 2],
  vars: Object.assign(Object.create(null) as object, { a: 1 }),
};

function render(source: string): string {
  writeFileSync(join(folder, 'own', 'mine.hbs'), source);
  try {
    return `rendered: ${createRender(join(folder, 'own'))('mine', data)}`;
  } catch (error) {
    if (error instanceof TemplateError) return `refused: ${error.message}`;
    throw error;
  }
}

describe('refused is', () => {
  test.each([
    ['the constructor of a value', '{{host.constructor}}'],
    ['the constructor by another spelling', '{{host.[constructor]}}'],
    ['code by way of it', '{{#with host.constructor as |c|}}{{c.constructor "return 1"}}{{/with}}'],
    ['a prototype', '{{__proto__.polluted}}'],
    ['getters and setters of old', '{{__defineGetter__ "host" list}}'],
    ['a method of a list', '{{list.push 3}}'],
    ['a method of a text', '{{host.repeat 100000000}}'],
    ['a file outside', '{{> ../outside}}'],
    ['a file outside, in quotes', '{{> "../outside"}}'],
    ['a file of the machine', '{{> [/etc/passwd]}}'],
    ['a partial by a name that is made up', '{{> (lookup . "host")}}'],
    ['a line on standard output', '{{log host}}'],
    ['a line on standard output by lookup', '{{#with host}}{{log this level="error"}}{{/with}}'],
    ['a decorator', '{{* decorate}}'],
    ['a parent that is none', '{{../../../constructor}}'],
  ])('%s', (_, source) => {
    expect(render(source)).toMatch(/^refused: ./);
  });
});

describe('nothing comes of', () => {
  test.each([
    ['the constructor of the data', '{{constructor}}'],
    ['the constructor by lookup', '{{lookup host "constructor"}}'],
    ['a prototype by lookup', '{{lookup vars "__proto__"}}'],
    ['what the runtime knows', '{{@root.constructor}}'],
  ])('%s', (_, source) => {
    expect(render(source)).toBe('rendered: ');
  });
});

test('an inline partial stays in its template', () => {
  expect(render('{{#*inline "part"}}in {{host}}{{/inline}}{{> part}}')).toMatch(/^refused: |^rendered: in web1$/);
  expect(render('{{> part}}')).toMatch(/^refused: /);
});
