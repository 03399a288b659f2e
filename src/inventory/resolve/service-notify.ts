import type { Program, UpDown } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { resolveProgram } from './program.ts';

type WrittenService = NonNullable<Written['services']>[string];
type WrittenNotify = NonNullable<WrittenService['notify']>;
type WrittenServerNotify = Pick<WrittenNotify, 'up' | 'down' | 'user'>;

/** A real server as its notifications name it. */
interface Named {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** What is run when the quorum of a service is gained or lost. */
export function resolveQuorumNotify(written: WrittenNotify = {}, path: Path, context: Context): UpDown {
  return {
    up: programOf(written.quorumUp, [...path, 'quorumUp'], context),
    down: programOf(written.quorumDown, [...path, 'quorumDown'], context),
    user: written.user ?? 'root',
  };
}

/** What is run when a real server comes or goes, before it is known for which. */
export function resolveServerNotify(written: WrittenServerNotify = {}, path: Path, context: Context): UpDown {
  return {
    up: programOf(written.up, [...path, 'up'], context),
    down: programOf(written.down, [...path, 'down'], context),
    user: written.user ?? 'root',
  };
}

/** The same for one real server: `%h`, `%a` and `%p` in arguments are its name, address and port. */
export function notifyFor({ up, down, user }: UpDown, server: Named): UpDown {
  return { up: aimed(up, server), down: aimed(down, server), user };
}

function programOf(written: WrittenNotify['quorumUp'], path: Path, context: Context): Program | undefined {
  return written === undefined ? undefined : resolveProgram(written, path, context);
}

function aimed(program: Program | undefined, { host, address, port }: Named): Program | undefined {
  const words: Readonly<Record<string, string>> = { '%h': host, '%a': address, '%p': String(port) };
  return (
    program && { ...program, args: program.args.map((one) => one.replace(/%[hap]/g, (word) => words[word] ?? word)) }
  );
}
