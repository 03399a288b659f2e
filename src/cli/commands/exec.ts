import { quote } from '../../ssh/quote.ts';
import { printable } from '../../ssh/printable.ts';
import { selectHosts } from '../../inventory/pattern.ts';
import type { Connection } from '../../ssh/connection.ts';
import { troubleText } from '../../report/failures.ts';
import { exit, type GlobalFlags, type Output, type Terminal } from '../context.ts';
import { withHosts } from '../house.ts';

/** Seconds that a command may take. */
const deadline = 3600;

/** What came of the command on a host. */
interface Outcome {
  readonly host: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `lvsctl exec PATTERN -- CMD`: one argument is a line for the shell, several are a command and its arguments. The exit code is
 * the worst one; 3 when a host could not be reached.
 */
export function exec(
  terminal: Terminal,
  flags: GlobalFlags,
  pattern: string,
  command: readonly string[],
): Promise<number> {
  return withHosts(terminal, flags, async ({ cluster, hosts, out, connect, stop }) => {
    const [line, ...rest] = command;
    if (line === undefined) {
      out.error('exec needs a command: lvsctl exec PATTERN -- CMD');
      return exit.usage;
    }
    const chosen = selectHosts(cluster, pattern);
    if (!chosen.ok) {
      out.error(`${pattern}: ${chosen.error}`);
      return exit.usage;
    }
    const allowed = new Set(hosts.map(({ name }) => name));
    const script = rest.length === 0 ? line : [line, ...rest].map(quote).join(' ');
    const outcomes: Outcome[] = [];
    const running: Promise<void>[] = [];
    const run = async (connection: Connection): Promise<void> => {
      const show = (text: string): void => {
        if (!flags.json) out.line(`${out.style('bold', connection.host)} ${printable(text)}`);
      };
      const result = await connection.run(script, { deadline, onLine: show, signal: stop });
      if (!result.ok) {
        complain(out, result.error);
        outcomes.push({ host: connection.host, code: exit.unreachable, stdout: '', stderr: '' });
        return;
      }
      const { code = 255, stdout, stderr } = result.value;
      if (!flags.json) {
        for (const text of stderr.split('\n').filter(Boolean)) out.error(`${connection.host} ${printable(text)}`);
        if (code !== 0) out.error(`${connection.host} exit code ${code}`);
      }
      outcomes.push({ host: connection.host, code, stdout: stdout.toString('utf8'), stderr });
    };
    await connect(
      chosen.value.filter(({ name }) => allowed.has(name)),
      (host, result) => {
        if (result.ok) running.push(run(result.value));
        else {
          complain(out, result.error);
          outcomes.push({ host, code: exit.unreachable, stdout: '', stderr: '' });
        }
      },
    );
    await Promise.all(running);
    if (flags.json) out.json(outcomes);
    if (stop.aborted) return exit.interrupted;
    return Math.max(0, ...outcomes.map(({ code }) => code));
  });
}

function complain(
  out: Output,
  trouble: { readonly host: string; readonly detail: string; readonly hint: string },
): void {
  for (const text of troubleText(trouble, out.errorStyle)) out.error(text);
}
