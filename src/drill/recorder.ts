import type { Cluster } from '../inventory/cluster.ts';
import { printableLine } from '../ssh/printable.ts';
import { HostClock } from './clock.ts';
import { holds, type Condition, type Snapshot } from './condition.ts';
import { saysSomethingNew, type Look } from './history.ts';
import type { Mark } from './result.ts';

/** Takes down what happens during a drill, on one timeline: milliseconds since it began. */
export class Recorder {
  readonly looks: Look[] = [];
  readonly marks: Mark[] = [];
  readonly #cluster: Cluster;
  readonly #now: () => number;
  readonly #base: number;
  readonly #clocks = new Map<string, HostClock>();
  readonly #last = new Map<string, Snapshot>();

  /** @param now the operator's clock, milliseconds. */
  constructor(cluster: Cluster, now: () => number) {
    this.#cluster = cluster;
    this.#now = now;
    this.#base = now();
  }

  /** Milliseconds since the drill began. */
  get now(): number {
    return this.#now() - this.#base;
  }

  /** A line that a place printed at `uptime` seconds of its own has just come in. */
  heard(place: string, uptime: number): void {
    this.#clock(place).heard(uptime, this.now);
  }

  /** The moment at which a place's uptime was so many seconds; undefined: the place was never heard. */
  momentOf(place: string, uptime: number): number | undefined {
    const clock = this.#clock(place);
    return clock.known ? clock.at(uptime) : undefined;
  }

  /** A host has booted: its uptime counts anew. */
  booted(place: string): void {
    this.#clocks.delete(place);
  }

  mark(type: Mark['type'], text: string, host?: string, at = this.now): void {
    this.marks.push({ at: Math.round(at), type, host, text: printableLine(text) });
  }

  look(director: string, uptime: number, snapshot: Snapshot): void {
    const before = this.#last.get(director);
    this.#last.set(director, snapshot);
    if (!saysSomethingNew(before, snapshot)) return;
    const at = this.momentOf(director, uptime) ?? this.now;
    this.looks.push({ at, director, snapshot });
    if (before) for (const text of this.#changes(before, snapshot)) this.mark('state', text, director, at);
  }

  /** A director cannot be watched any more. */
  lost(director: string): void {
    if (!this.#last.delete(director)) return;
    this.looks.push({ at: this.now, director, snapshot: undefined });
  }

  /** Whether a condition holds by what was heard last. */
  holds(condition: Condition): boolean {
    return holds(condition, this.#cluster, this.#last);
  }

  /** Whether every director has been heard of. */
  get complete(): boolean {
    return this.#cluster.directors.every((name) => this.#last.has(name));
  }

  #clock(place: string): HostClock {
    const clock = this.#clocks.get(place) ?? new HostClock();
    this.#clocks.set(place, clock);
    return clock;
  }

  /** What changed on a director between two looks, as far as it concerns the cluster. */
  #changes(before: Snapshot, now: Snapshot): string[] {
    const vips = [...new Set(this.#cluster.vrrp.flatMap((one) => one.vips.map(({ address }) => address)))];
    const moved = vips.flatMap((vip) => {
      const [had, has] = [before.addresses.has(vip), now.addresses.has(vip)];
      return had === has ? [] : [has ? `has ${vip}` : `has ${vip} no more`];
    });
    const [old, live] = [weights(before), weights(now)];
    const ends = [...new Set([...old.keys(), ...live.keys()])];
    const pool = ends.flatMap((end) => {
      const [was, is] = [old.get(end), live.get(end)];
      if (was === is) return [];
      return [
        is === undefined
          ? `${end} is out of the table`
          : was === undefined
            ? `${end} is in the table`
            : `${end} has weight ${is}`,
      ];
    });
    return [...moved, ...pool];
  }
}

/** Weights by what a timeline calls an entry. */
function weights({ table }: Snapshot): Map<string, number> {
  return new Map(
    table.flatMap(({ key, servers }) =>
      servers.map(({ address, port, weight }) => {
        const service = key.protocol === 'FWM' ? `mark ${key.mark}` : `${key.address} port ${key.port}`;
        return [`${address} port ${port} of ${service}`, weight] as const;
      }),
    ),
  );
}
