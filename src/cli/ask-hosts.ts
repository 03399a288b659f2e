import type { Host } from '../inventory/cluster.ts';
import type { Section } from '../observe/frame.ts';
import type { Connection } from '../ssh/connection.ts';
import type { HostAnswer } from '../status/status.ts';
import { ask } from '../verify/rounds.ts';
import type { House } from './house.ts';

/** Seconds that a host may take to answer. */
const deadline = 20;

/**
 * Asks all hosts at once, one exec each, and gives what each said, in their order. Connections that are in `open` are used, and
 * those that are made stand there afterwards; one that was lost does not.
 */
export async function askHosts(
  { connect, progress, stop }: House,
  hosts: readonly Host[],
  sectionsOf: (host: Host) => readonly Section[],
  open = new Map<string, Connection>(),
): Promise<Map<string, HostAnswer>> {
  const said = new Map<string, HostAnswer>();
  const answer = async (host: Host, connection: Connection): Promise<void> => {
    const heard = await ask(
      (script, options) => connection.run(script, options),
      host.name,
      [...sectionsOf(host)],
      deadline,
      stop,
    );
    if (!heard.ok) open.delete(host.name);
    said.set(host.name, heard.ok ? { answers: heard.value } : { trouble: heard.error.detail });
  };
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const asking = hosts.flatMap((host) => {
    const connection = open.get(host.name);
    return connection ? [answer(host, connection)] : [];
  });
  await connect(
    hosts.filter(({ name }) => !open.has(name)),
    (name, result) => {
      const host = byName.get(name);
      if (!host) return;
      if (!result.ok) {
        said.set(name, { trouble: result.error.detail });
        return;
      }
      open.set(name, result.value);
      asking.push(answer(host, result.value));
    },
  );
  await Promise.all(asking);
  await progress.close();
  return new Map(hosts.map(({ name }) => [name, said.get(name) ?? { trouble: 'no answer' }]));
}
