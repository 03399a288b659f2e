import type { House } from './house.ts';

/** Asks before something is changed; says why nothing is when the answer is no, or there is nobody to ask. */
export async function confirmed(
  { flags, out, terminal }: Pick<House, 'flags' | 'out' | 'terminal'>,
  question: string,
): Promise<boolean> {
  if (flags.yes) return true;
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY) {
    out.error('Nothing was changed: without a terminal to ask at, this needs --yes.');
    return false;
  }
  const { askToGoOn } = await import('../ui/ask.ts');
  if (await askToGoOn(question, terminal)) return true;
  out.error('Nothing was changed.');
  return false;
}
