import type { DesiredServer, DesiredService } from './desired.ts';
import { endName, serviceName, type TableServer, type TableService } from './table.ts';

/** One thing in which a live table differs from the wished one. */
export interface Difference {
  /** `-` is missing, `~` is there and differs, `+` is there and not wished. */
  readonly sign: '-' | '~' | '+';
  /** One line that begins with the sign: `- 10.77.0.100:80 TCP → 10.77.0.14:80 (web2) missing`. */
  readonly line: string;
}

/** In what a live table differs from the wished one, in the order of the inventory, and what is not in it last. */
export function compareTables(desired: readonly DesiredService[], live: readonly TableService[]): Difference[] {
  const byName = new Map(live.map((service) => [serviceName(service.key), service]));
  const wished = new Set(desired.map((service) => serviceName(service.key)));
  return [
    ...desired.flatMap((service) => compareService(service, byName.get(serviceName(service.key)))),
    ...live
      .filter(({ key }) => !wished.has(serviceName(key)))
      .map(({ key, servers }) =>
        difference('+', `${serviceName(key)} is not in the inventory (${count(servers.length)})`),
      ),
  ];
}

function compareService(wished: DesiredService, live: TableService | undefined): Difference[] {
  const name = serviceName(wished.key);
  if (!live) return [difference('-', `${name} (${wished.name}) missing, with its ${count(wished.servers.length)}`)];
  const found: Difference[] = [];
  const differs = (what: string): unknown => found.push(difference('~', `${name} ${what}`));
  if (live.scheduler !== wished.scheduler) differs(`scheduler ${live.scheduler}, wished ${wished.scheduler}`);
  if (live.persistence !== wished.persistence) {
    differs(`${persistence(live.persistence)}, wished ${persistence(wished.persistence)}`);
  }
  if ([...live.options].sort().join(' ') !== [...wished.options].sort().join(' ')) {
    differs(`options ${live.options.join(' ') || 'none'}, wished ${wished.options.join(' ') || 'none'}`);
  }
  if (isSorry(wished, live)) {
    const sound = `the quorum is lost: ${wished.sorryServer ?? ''}, the sorry server, answers alone`;
    return [...found, difference('~', `${name} ${sound}`)];
  }
  const byEnd = new Map(live.servers.map((server) => [endName(server), server]));
  const ends = new Set(wished.servers.map(endName));
  return [
    ...found,
    ...wished.servers.flatMap((server) => compareServer(name, server, byEnd.get(endName(server)))),
    ...live.servers
      .filter((server) => !ends.has(endName(server)))
      .map((server) =>
        difference('+', `${name} → ${endName(server)} is not in the inventory (weight ${server.weight})`),
      ),
  ];
}

/** Whether the sorry server stands where the real servers should; it may be one of those of the inventory. */
function isSorry({ sorryServer, servers }: DesiredService, live: TableService): boolean {
  const [only, second] = live.servers.filter(({ weight }) => weight > 0);
  if (sorryServer === undefined || only === undefined || second !== undefined) return false;
  return (
    endName(only) === sorryServer && !(servers.length === 1 && servers.some((one) => endName(one) === sorryServer))
  );
}

function compareServer(service: string, wished: DesiredServer, live: TableServer | undefined): Difference[] {
  const name = `${service} → ${endName(wished)} (${wished.host})`;
  if (!live) return [difference('-', `${name} missing`)];
  const found: Difference[] = [];
  // `Local`: the director is a real server of its own, which needs no forwarding whatever the mode.
  if (live.forward !== wished.forward && live.forward !== 'Local') {
    found.push(difference('~', `${name} forwarded by ${live.forward}, wished ${wished.forward}`));
  }
  if (live.weight !== wished.weight && !wished.dynamic)
    found.push(difference('~', `${name} weight ${live.weight}, wished ${wished.weight}`));
  return found;
}

function difference(sign: Difference['sign'], text: string): Difference {
  return { sign, line: `${sign} ${text}` };
}

function persistence(seconds: number | undefined): string {
  return seconds === undefined ? 'not persistent' : `persistent for ${seconds} s`;
}

function count(servers: number): string {
  return `${servers} real server${servers === 1 ? '' : 's'}`;
}
