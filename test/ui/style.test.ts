import { expect, test } from 'vitest';
import { createStyle } from '../../src/ui/style.ts';

test.each<[what: string, wanted: boolean, terminal: boolean, env: NodeJS.ProcessEnv, colours: boolean]>([
  ['a terminal', true, true, {}, true],
  ['a pipe', true, false, {}, false],
  ['--no-color', false, true, {}, false],
  ['--no-color before FORCE_COLOR', false, true, { FORCE_COLOR: '1' }, false],
  ['NO_COLOR', true, true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', true, true, { NO_COLOR: '' }, true],
  ['NO_COLOR before FORCE_COLOR', true, true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['FORCE_COLOR in a pipe', true, false, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0 in a pipe', true, false, { FORCE_COLOR: '0' }, false],
  ['a terminal that can do nothing', true, true, { TERM: 'dumb' }, false],
])('%s', (_what, wanted, terminal, env, colours) => {
  expect(createStyle(wanted, terminal, env)('bad', 'x').includes('\u001b[')).toBe(colours);
});
