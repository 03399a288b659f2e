import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { page } from './shop.ts';

/** A request that the client sent: when, in milliseconds since 1970, and whether it was answered by 200 within its time. */
export interface Request {
  readonly at: number;
  readonly answered: boolean;
}

/** Milliseconds in which a request may be lost, because something stood still that it needed. */
export interface Excuse {
  readonly from: number;
  readonly until: number;
}

/** A client in the operator's network, which no fault of a host stops: ten requests a second, each over a new connection. */
export class Client {
  readonly requests: Request[] = [];
  readonly #child: ChildProcess;

  constructor(namespace: string) {
    const program = join(import.meta.dirname, 'client-program.ts');
    const node = [process.execPath, '--import', 'tsx', program, page];
    this.#child = spawn('ip', ['netns', 'exec', namespace, ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
    let rest = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (data: string) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [at, code] = line.split(' ');
        this.requests.push({ at: Number(at), answered: code === '200' });
      }
    });
  }

  close(): void {
    this.#child.stdin?.end();
  }
}

/** The requests of a time that got no answer and have no excuse. Pure. */
export function lost(requests: readonly Request[], since: number, excuses: readonly Excuse[]): Request[] {
  const excused = ({ at }: Request): boolean => excuses.some(({ from, until }) => at >= from && at <= until);
  return requests.filter((one) => one.at >= since && !one.answered && !excused(one));
}
