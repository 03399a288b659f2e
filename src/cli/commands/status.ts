import type { Host } from '../../inventory/cluster.ts';
import { platforms } from '../../platform/index.ts';
import { statusText } from '../../report/status.ts';
import { redact } from '../../secret.ts';
import type { Connection } from '../../ssh/connection.ts';
import { statusSections } from '../../status/sections.ts';
import { statusOf, type ClusterStatus, type HostAnswer } from '../../status/status.ts';
import { openScreen } from '../../ui/screen.ts';
import { ask } from '../../verify/rounds.ts';
import { realTime } from '../../verify/time.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { withHosts, type House } from '../house.ts';

/** What `status` takes besides the flags of every command. */
export interface StatusFlags extends GlobalFlags {
  readonly watch: boolean;
  /** Seconds between two looks with `watch`. */
  readonly interval: number;
}

/** Seconds that a host may take to answer. */
const deadline = 20;
/** Columns where there is no terminal. */
const unlimited = 200;

/** `lvsctl status`: who holds which VIP, the live table with its rates, what is drained, and what is mounted. */
export function status(terminal: Terminal, flags: StatusFlags): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { out, stop } = house;
    const look = looker(house);
    const columns = (): number => (terminal.stdout.isTTY ? terminal.stdout.columns : unlimited);
    if (!flags.watch) {
      const seen = await look();
      if (flags.json) out.json(seen);
      else for (const line of statusText(seen, out.style, columns())) out.line(line);
      if (stop.aborted) return exit.interrupted;
      return seen.unreachable.length > 0 ? exit.unreachable : exit.ok;
    }
    const screen = flags.json ? undefined : openScreen(terminal.stdout);
    try {
      while (!stop.aborted) {
        const seen = await look();
        if (isAborted(stop)) break;
        if (screen) screen.draw(page(seen, house, columns()).map(redact));
        else out.line(JSON.stringify(seen));
        await realTime.sleep(flags.interval, stop);
      }
    } finally {
      screen?.close();
    }
    return exit.ok;
  });
}

// A function of its own: the signal may fire during the await before it is asked again.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function page(seen: ClusterStatus, { out }: House, width: number): string[] {
  const title = `${seen.cluster}  ${new Date().toLocaleTimeString()}  Ctrl-C ends this`.slice(0, width);
  return [out.style('dim', title), '', ...statusText(seen, out.style, width)];
}

/** Looks at all hosts at once, one exec each; connections stay open, and one that was lost is made again the next time. */
function looker({ cluster, hosts, connect, stop, progress }: House): () => Promise<ClusterStatus> {
  const open = new Map<string, Connection>();
  return async () => {
    const said = new Map<string, HostAnswer>();
    const asking: Promise<void>[] = [];
    const answer = async (host: Host, connection: Connection): Promise<void> => {
      const sections = statusSections(cluster, host.name, platforms[host.platform]);
      const heard = await ask(
        (script, options) => connection.run(script, options),
        host.name,
        sections,
        deadline,
        stop,
      );
      if (!heard.ok) open.delete(host.name);
      said.set(host.name, heard.ok ? { answers: heard.value } : { trouble: heard.error.detail });
    };
    const missing: Host[] = [];
    for (const host of hosts) {
      const connection = open.get(host.name);
      if (connection) asking.push(answer(host, connection));
      else missing.push(host);
    }
    await connect(missing, (name, result) => {
      const host = hosts.find((one) => one.name === name);
      if (!host) return;
      if (!result.ok) {
        said.set(name, { trouble: result.error.detail });
        return;
      }
      open.set(name, result.value);
      asking.push(answer(host, result.value));
    });
    await Promise.all(asking);
    await progress.close();
    return statusOf(cluster, new Map(hosts.map(({ name }) => [name, said.get(name) ?? { trouble: 'no answer' }])));
  };
}
