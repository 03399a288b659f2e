import { isAborted } from '../../aborted.ts';
import type { Host } from '../../inventory/cluster.ts';
import type { Section } from '../../observe/frame.ts';
import { platforms } from '../../platform/index.ts';
import { statusText } from '../../report/status.ts';
import { redact } from '../../secret.ts';
import type { Connection } from '../../ssh/connection.ts';
import { statusSections } from '../../status/sections.ts';
import { statusOf, type ClusterStatus } from '../../status/status.ts';
import { openScreen } from '../../ui/screen.ts';
import { realTime } from '../../verify/time.ts';
import { askHosts } from '../ask-hosts.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { withHosts, type House } from '../house.ts';

/** What `status` takes besides the flags of every command. */
export interface StatusFlags extends GlobalFlags {
  readonly watch: boolean;
  /** Seconds between two looks with `watch`. */
  readonly interval: number;
}

/** Columns where there is no terminal. */
const unlimited = 200;

/** `lvsctl status`: who holds which VIP, the live table with its rates, what is drained, and what is mounted. */
export function status(terminal: Terminal, flags: StatusFlags): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, hosts, out, stop } = house;
    // They stay open between two looks.
    const open = new Map<string, Connection>();
    const look = async (): Promise<ClusterStatus> => {
      const sectionsOf = ({ name, platform }: Host): Section[] => statusSections(cluster, name, platforms[platform]);
      return statusOf(cluster, await askHosts(house, hosts, sectionsOf, open));
    };
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

function page(seen: ClusterStatus, { out }: House, width: number): string[] {
  const title = `${seen.cluster}  ${new Date().toLocaleTimeString()}  Ctrl-C ends this`.slice(0, width);
  return [out.style('dim', title), '', ...statusText(seen, out.style, width)];
}
