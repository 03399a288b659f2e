import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TemplateError, type TemplateFailure } from '../../src/templates/failure.ts';
import { createRender } from '../../src/templates/render.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvsctl-templates-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

const data = {
  inventory: 'lvsctl.yaml',
  host: 'web1',
  port: 80,
  off: false,
  nothing: undefined,
  list: [{ name: 'a' }, { name: 'b' }],
  vars: { deep: { x: 1 } },
};

function render(template: string, name = 'mine'): string {
  writeFileSync(join(folder, `${name}.hbs`), template);
  return createRender(folder)(name, data);
}

function failure(action: () => unknown): TemplateFailure {
  try {
    action();
  } catch (error) {
    if (error instanceof TemplateError) return error.failure;
    throw error;
  }
  throw new Error('it was rendered');
}

describe('a template', () => {
  test.each([
    ['a value', '{{host}}:{{port}}', 'web1:80'],
    ['a loop', '{{#each list}}{{name}} {{../host}};{{/each}}', 'a web1;b web1;'],
    ['conditions', '{{#if off}}on{{else}}off{{/if}} {{#if nothing}}x{{/if}}{{#unless off}}u{{/unless}}', 'off u'],
    ['equality', '{{#if (eq host "web1")}}me{{/if}}{{#if (eq port "80")}}text{{/if}}', 'me'],
    ['positions of a loop', '{{#each list}}{{#unless @first}},{{/unless}}{{name}}{{/each}}', 'a,b'],
    ['the data at the top', '{{#each list}}{{@root.port}}{{/each}}{{#if @root.host}}!{{/if}}', '8080!'],
    ['what is deep', '{{vars.deep.x}}', '1'],
    ['lines of blocks', 'a\n{{#if host}}\nb\n{{/if}}\nc\n', 'a\nb\nc\n'],
    ['comments', '{{! not this }}x{{!-- nor this --}}', 'x'],
  ])('may have %s', (_what, template, expected) => {
    expect(render(template)).toBe(expected);
  });

  test('does not escape: a configuration file is no HTML', () => {
    writeFileSync(join(folder, 'raw.hbs'), '{{value}} {{{value}}}');
    const value = `<a href="x">'&amp;'</a> \`$(id)\` = {{host}}`;
    expect(createRender(folder)('raw', { value })).toBe(`${value} ${value}`);
  });

  test.each([
    '{{constructor}}',
    '{{__proto__}}',
    '{{toString}}',
    '{{host.constructor}}',
    '{{host.length.constructor}}',
    '{{vars.__proto__}}',
    '{{#each list}}{{constructor}}{{/each}}',
    '{{__defineGetter__}}',
    '{{hasOwnProperty}}',
  ])('gets nothing of the program by %s', (template) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let text: string;
    try {
      text = render(template);
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateError);
      text = '';
    }
    expect(text.trim()).toBe('');
  });

  test.each([
    '{{#with (lookup vars "constructor")}}x{{/with}}',
    '{{#if constructor}}x{{/if}}',
    '{{#each __proto__}}x{{/each}}',
  ])('gets nowhere by %s', (template) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let text = '';
    try {
      text = render(template);
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateError);
    }
    expect(text).toBe('');
  });
});

describe('an error names the template, the line and what is wrong', () => {
  const cases: readonly [what: string, template: string, line: number, message: string][] = [
    ['an undefined value', 'a\nb {{hots}}\n', 2, 'the variable "hots" is not defined'],
    ['an undefined part of a value', '\n\n{{vars.deeep.x}}', 3, 'the variable "vars.deeep.x" is not defined'],
    ['an undefined value in a loop', '{{#each list}}\n{{nmae}}\n{{/each}}', 2, 'the variable "nmae" is not defined'],
    [
      'an undefined value of the surroundings',
      '{{#each list}}\n\n{{../hots}}\n{{/each}}',
      3,
      'the variable "../hots" is not defined',
    ],
    ['an undefined condition', 'a\n{{#if hots}}x{{/if}}', 2, 'the variable "hots" is not defined'],
    ['an undefined negated condition', 'a\n\n{{#unless hots}}x{{/unless}}', 3, 'the variable "hots" is not defined'],
    ['an undefined list', 'a\n{{#each lits}}x{{/each}}', 2, 'the variable "lits" is not defined'],
    [
      'an undefined condition in a loop',
      '{{#each list}}\n{{#if nmae}}x{{/if}}{{/each}}',
      2,
      'the variable "nmae" is not defined',
    ],
    [
      'an undefined list in a block',
      '{{#if host}}\n\n{{#each vars.lits}}x{{/each}}{{/if}}',
      3,
      'the variable "vars.lits" is not defined',
    ],
    [
      'an undefined negated condition of a value',
      '{{#unless vars.deeep}}x{{/unless}}',
      1,
      'the variable "vars.deeep" is not defined',
    ],
    ['an undefined comparison', 'a\n{{#if (eq vars.deeep 1)}}x{{/if}}', 2, 'the variable "vars.deeep" is not defined'],
    [
      'a comparison with what is undefined',
      '{{#if (eq host hots)}}x{{/if}}',
      1,
      'a variable of this block is not defined',
    ],
    [
      'an undefined section in a loop',
      '{{#each list}}{{#lits}}x{{/lits}}{{/each}}',
      1,
      'the variable "lits" is not defined',
    ],
    ['an undefined section', 'a\n{{#lits}}x{{/lits}}', 2, 'the variable "lits" is not defined'],
    ['an unknown helper', 'a\n\n{{upper host}}', 3, 'there is no helper "upper"'],
    ['an unknown block helper', 'a\n{{#upper host}}x{{/upper}}', 2, 'there is no helper "upper"'],
  ];
  test.each(cases)('%s', (_what, template, line, message) => {
    expect(failure(() => render(template))).toEqual({ template: join(folder, 'mine.hbs'), line, message });
  });

  test.each([
    ['a block that is not closed', 'a\n{{#if host}}\nx\n', 4],
    ['a block that was not opened', 'a\n{{/if}}\n', 2],
    ['braces that do not match', 'a\nb\n{{host}\n', 3],
  ])('%s', (_what, template, line) => {
    const { template: path, line: at, message } = failure(() => render(template));
    expect([path, at]).toEqual([join(folder, 'mine.hbs'), line]);
    expect(message).toMatch(/^Parse error/);
    expect(message).not.toContain('\n');
  });

  test('a block that is closed by another name', () => {
    const found = failure(() => render('a\n{{#if host}}\n{{/each}}\n'));
    expect(found.message).toContain("if doesn't match each");
    expect(found.line).toBe(2);
  });

  test('a partial that is not there', () => {
    const found = failure(() => render('{{> header}}'));
    expect(found.template).toBe(join(folder, 'mine.hbs'));
    expect(found.message).toContain('header');
  });

  test('a template that is nowhere', () => {
    expect(failure(() => createRender(folder)('nowhere', data))).toEqual({
      template: 'nowhere.hbs',
      line: 0,
      message: 'there is no template of this name',
    });
  });

  test('a template that cannot be read is not replaced by the built-in one', () => {
    mkdirSync(join(folder, 'exports.hbs'));
    expect(failure(() => createRender(folder)('exports', { exports: [] }))).toEqual({
      template: join(folder, 'exports.hbs'),
      line: 0,
      message: 'cannot be read (EISDIR)',
    });
  });

  test('a value that cannot be shown as text', () => {
    writeFileSync(join(folder, 'bare.hbs'), '\n{{vars.missing}}');
    const bare = Object.assign(Object.create(null) as Record<string, unknown>, { x: 1 });
    expect(failure(() => createRender(folder)('bare', { vars: bare }))).toEqual({
      template: join(folder, 'bare.hbs'),
      line: 2,
      message: 'the variable "vars.missing" is not defined',
    });
  });
});

describe('the folder of the user', () => {
  test('goes before the built-in one, template by template', () => {
    writeFileSync(join(folder, 'exports.hbs'), 'mine: {{exports.length}}\n');
    const both = createRender(folder);
    expect(both('exports', { exports: [] })).toBe('mine: 0\n');
    expect(both('modules.conf', { inventory: 'i', modules: ['ip_vs'] })).toMatch(/\nip_vs\n$/);
    expect(createRender(undefined)('exports', { inventory: 'i', exports: [] })).toMatch(/^# Managed by lvsctl from i/);
  });

  test('may be missing', () => {
    expect(createRender(join(folder, 'no', 'such'))('exports', { inventory: 'i', exports: [] })).toMatch(/^# Managed/);
  });
});
