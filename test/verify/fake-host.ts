import type { Observation } from '../../src/observe/observe.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { debian } from '../../src/platform/debian.ts';
import { err, ok } from '../../src/result.ts';
import type { DesiredHost } from '../../src/roles/index.ts';
import type { Connection, RunFailure } from '../../src/ssh/connection.ts';
import type { Round } from '../../src/verify/check.ts';
import type { RunLocal } from '../../src/verify/local.ts';

/** Answers to sections, by their names. */
type Respond = (section: string) => string;

/** What a fake place does when a script comes: answer each of its sections, or fail. */
export type Behave = (scriptNumber: number) => Respond | RunFailure;

/** A place that answers framed scripts without running them, and counts them. */
export class FakePlace {
  readonly host: string;
  readonly scripts: string[] = [];
  readonly deadlines: number[] = [];
  closed = false;
  #behave: Behave;

  constructor(host: string, behave: Behave) {
    this.host = host;
    this.#behave = behave;
  }

  readonly run: RunLocal = (script, { deadline }) => {
    this.scripts.push(script);
    this.deadlines.push(deadline);
    const respond = this.#behave(this.scripts.length);
    if (typeof respond !== 'function') return Promise.resolve(err(respond));
    const nonce = /' (\S+) /.exec(script)?.[1] ?? '';
    const names = [...script.matchAll(/^printf '\\n%s section %s\\n' \S+ (\S+)$/gm)].map(([, name = '']) => name);
    const parts = names.map((name) => `\n${nonce} section ${name}\n${respond(name)}\n${nonce} status 0\n`);
    const stdout = Buffer.from(`${parts.join('')}\n${nonce} end\n`);
    return Promise.resolve(ok({ code: 0, signal: undefined, stdout, stderr: '' }));
  };

  connection(): Connection {
    return {
      host: this.host,
      run: this.run,
      channels: 0,
      close: () => {
        this.closed = true;
      },
    };
  }
}

/** Hosts of which nothing is wished, so that the observation asks for the facts alone. */
export function wishless({ hosts }: Cluster): DesiredHost[] {
  return hosts.map((host) => ({ host, roles: [], platform: debian, resources: [], needs: [] }));
}

/** What `facts` prints for an observed host. */
export function factsOutput({ facts }: Observation): string {
  const addresses = facts.addresses.map(
    (one, index) => `${index + 1}: ${one.interface}    inet ${one.address}/${one.prefix} scope global`,
  );
  return ['uid 0', 'kernel 6.12', 'system debian||13', ...addresses].join('\n');
}

export const rounds: readonly Round[] = ['before', 'during', 'after'];
