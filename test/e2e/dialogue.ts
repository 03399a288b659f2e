import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { quote } from '../../src/ssh/quote.ts';

/** What a person at a terminal waits for, and then types. */
export type Exchange = readonly [question: RegExp, keys: string];

/** Keys as a terminal sends them. */
export const enter = '\r';
/** See {@link enter}. */
export const interrupt = '\u0003';

/** How a program ended that was talked to, and all that its terminal showed, without colours and movements. */
export interface Talked {
  readonly code: number;
  readonly screen: string;
}

/** Seconds that a question may take to come, and the end after the last one. */
const usual = 30;

/**
 * Runs a program at a terminal of its own and answers what it asks, in this order; a question that does not come is what the
 * rejection tells, with the screen. The terminal is that of script(1), which every Debian has. `patience` is in seconds.
 */
export function talk(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  exchanges: readonly Exchange[],
  patience = usual,
): Promise<Talked> {
  return new Promise((resolve, reject) => {
    // Without a terminal behind it, script gives its own no size.
    const line = `stty rows 40 cols 200; exec ${argv.map(quote).join(' ')}`;
    const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], { env, stdio: 'pipe' });
    const waiting = [...exchanges];
    let shown = '';
    let read = 0;
    const screen = (): string => stripVTControlCharacters(shown);
    const timer = setTimeout(() => child.kill(), patience * 1000);
    const answer = (): void => {
      const [next] = waiting;
      const found = next?.[0].exec(screen().slice(read));
      if (next === undefined || !found) return;
      read = screen().length;
      waiting.shift();
      timer.refresh();
      child.stdin.write(next[1]);
    };
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      shown += data;
      answer();
    });
    child.stdin.on('error', () => undefined); // it may end before it has read all
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (waiting.length === 0) resolve({ code: code ?? -1, screen: screen() });
      else reject(new Error(`not asked: ${waiting.map(([question]) => question.source).join(', ')}\n${screen()}`));
    });
  });
}
