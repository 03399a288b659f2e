import { styleText } from 'node:util';

/** How a word is meant; the terminal decides how it looks. */
export type Tone = 'create' | 'update' | 'delete' | 'good' | 'bad' | 'warn' | 'dim' | 'bold' | 'head';

/** Gives text a tone, or leaves it plain. */
export type Style = (tone: Tone, text: string) => string;

const looks: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  create: 'green',
  update: 'yellow',
  delete: 'red',
  good: 'green',
  bad: ['red', 'bold'],
  warn: 'yellow',
  dim: 'dim',
  bold: 'bold',
  head: ['cyan', 'bold'],
};

/** Leaves every text as it is. */
export const plain: Style = (_tone, text) => text;

const coloured: Style = (tone, text) => styleText(looks[tone], text, { validateStream: false });

/** Colours when they are wanted: `--no-color`, NO_COLOR and FORCE_COLOR go before what the terminal can do. */
export function createStyle(wanted: boolean, isTerminal: boolean, env: NodeJS.ProcessEnv): Style {
  if (!wanted || (env['NO_COLOR'] ?? '') !== '') return plain;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '0') return coloured;
  return isTerminal && env['TERM'] !== 'dumb' ? coloured : plain;
}
