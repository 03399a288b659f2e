import type { Progress } from '../../src/apply/script.ts';
import { ok, type Result } from '../../src/result.ts';
import type { Connection, Finished, RunFailure, RunOptions } from '../../src/ssh/connection.ts';

/** What a fake host does with a script. */
export type Behaviour = (
  script: string,
  options: RunOptions,
) => Result<Finished, RunFailure> | Promise<Result<Finished, RunFailure>>;

/** A script that came to its end. */
export function finished(stdout = '', code: number | undefined = 0, stderr = ''): Result<Finished, RunFailure> {
  return ok({ code, signal: undefined, stdout: Buffer.from(stdout), stderr });
}

/** A connection to a host that is not there. */
export function fakeConnection(host: string, behave: Behaviour): Connection {
  let channels = 0;
  return {
    host,
    get channels() {
      return channels;
    },
    run: (script, options) => {
      channels += 1;
      return Promise.resolve(behave(script, options));
    },
    close: () => undefined,
  };
}

/** The nonce of an apply's script. */
export function nonceOf(script: string): string {
  const nonce = /^nonce=([0-9a-f]{24})\n/.exec(script)?.[1];
  if (nonce === undefined) throw new Error('the script has no nonce');
  return nonce;
}

/** Tells of progress as the script would, line by line. `raw` lines are output. */
export function tell(script: string, { onLine }: RunOptions, lines: readonly (Progress | string)[]): void {
  const nonce = nonceOf(script);
  for (const line of lines) {
    if (typeof line === 'string') onLine?.(line);
    else {
      onLine?.('');
      onLine?.([nonce, ...(Object.values(line) as (string | number)[])].join(' '));
    }
  }
}
