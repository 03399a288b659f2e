import type { HostSteps } from '../../plan/plan.ts';
import { shortWithout } from '../../plan/redundancy.ts';
import type { Rejection } from '../failure.ts';
import { realServerSound } from './ask.ts';
import { rejected, type RollingRun } from './given.ts';
import { readSockets } from './sockets.ts';
import { SwitchOver } from './switch-over.ts';
import { readTables, standing } from './tables.ts';
import { Weights } from './weights.ts';

/** Seconds between two looks at the tables. */
const pace = 1;

/**
 * Keeps traffic away from what is changed, batch by batch: drains real servers, has directors hand over, asks both when they were
 * changed, and puts them back.
 */
export class Rolling {
  readonly #rolling: RollingRun;
  readonly #weights: Weights;
  readonly #switches = new Map<string, SwitchOver>();
  /** What directors sent to hosts before they were drained, `DIRECTOR ENTRY` by host. */
  readonly #served = new Map<string, readonly string[]>();

  constructor(rolling: RollingRun) {
    this.#rolling = rolling;
    this.#weights = new Weights(rolling);
  }

  /** Takes the hosts of a batch out of service; gives why one could not be, and then all are in service as before. */
  async before(batch: readonly HostSteps[]): Promise<ReadonlyMap<string, Rejection>> {
    const troubles = new Map<string, Rejection>();
    for (const { host } of withCare(batch, 'switch-over')) {
      const move = new SwitchOver(this.#rolling, host);
      const trouble = await move.away();
      if (trouble) troubles.set(host, trouble);
      else this.#switches.set(host, move);
    }
    const drained = withCare(batch, 'drain').map(({ host }) => host);
    const trouble = drained.length > 0 ? await this.#drain(drained) : undefined;
    if (trouble) for (const host of drained) troubles.set(host, trouble);
    return troubles;
  }

  /** Whether a host that was changed does its work; undefined: it does, or nobody has to know. */
  async proved({ host, care }: HostSteps): Promise<Rejection | undefined> {
    if (care?.type === 'switch-over') return this.#switches.get(host)?.back();
    if (care?.type !== 'drain') return undefined;
    this.#tell(`${host} is asked by the directors`);
    const problem = await realServerSound(this.#rolling, host, this.#weights.directors);
    return problem === undefined
      ? undefined
      : rejected('unsound', problem, 'It was changed, and does not do its work.');
  }

  /** Puts the hosts of a batch back into service that do their work; gives why one is not. */
  async after(batch: readonly HostSteps[], failed: ReadonlySet<string>): Promise<ReadonlyMap<string, Rejection>> {
    for (const { host } of batch) if (!failed.has(host)) this.#weights.changed(host);
    const drained = withCare(batch, 'drain').map(({ host }) => host);
    if (drained.length === 0) return new Map();
    const out = new Map<string, Rejection>();
    for (const host of drained.filter((one) => failed.has(one))) {
      const problem = await realServerSound(this.#rolling, host, this.#weights.directors);
      if (problem !== undefined) out.set(host, rejected('not-back', `${host} stays drained: ${problem}`, putBack));
    }
    const sound = drained.filter((host) => !out.has(host));
    if (sound.length === 0) return out;
    this.#tell(`${sound.join(', ')} back in service`);
    const trouble = (await this.#weights.giveBack(sound)) ?? (await this.#returned(sound));
    if (trouble !== undefined)
      for (const host of sound)
        out.set(host, rejected('not-back', `${host} is not back in service: ${trouble}`, putBack));
    return out;
  }

  /** Why nothing more may be begun although failures are allowed; undefined: enough is left of every service. */
  shortage(failed: readonly string[], next: readonly HostSteps[]): readonly string[] {
    return shortWithout(this.#rolling.cluster, [...failed, ...withCare(next, 'drain').map(({ host }) => host)]);
  }

  async #drain(hosts: readonly string[]): Promise<Rejection | undefined> {
    const { directors } = this.#weights;
    if (directors.length === 0)
      return rejected('not-ready', 'no director could be told to drain it', 'Let --limit leave the directors as well.');
    const addresses = this.#weights.addresses(hosts);
    const tables = await readTables(this.#rolling.run, directors);
    for (const [director, table] of tables) {
      if (table === undefined) return rejected('not-ready', `the table of ${director} could not be read`, '');
      const { alone } = standing(table, addresses);
      if (alone.length > 0)
        return rejected(
          'not-ready',
          `${director} would have nobody else for ${alone.join(', ')}`,
          'Other real servers of these services are out. Put them back first: "lvsctl status" shows them.',
        );
    }
    for (const host of hosts) {
      const own = this.#weights.addresses([host]);
      this.#served.set(
        host,
        [...tables].flatMap(([name, table]) => standing(table ?? [], own).weighted.map((one) => `${name} ${one}`)),
      );
    }
    this.#tell(`${hosts.join(', ')} drained on ${directors.join(', ')}`);
    const trouble = (await this.#weights.rest(hosts)) ?? (await this.#ended(hosts, addresses));
    return trouble;
  }

  /** Waits until connections have ended; a host whose connections do not is put back. */
  async #ended(hosts: readonly string[], addresses: ReadonlySet<string>): Promise<Rejection | undefined> {
    const { time, run, cluster } = this.#rolling;
    const { drainTimeout } = cluster.rollout;
    const end = time.now() + drainTimeout;
    let calm = 0;
    for (;;) {
      const tables = await readTables(run, this.#weights.directors);
      const found = [...tables.values()].map((table) => table && standing(table, addresses));
      const weighted = found.some((one) => one === undefined || one.weighted.length > 0);
      const sockets = await Promise.all(hosts.map((host) => readSockets(run, cluster, host)));
      const sum = (list: readonly (number | undefined)[]): number =>
        list.reduce<number>((all, one) => all + (one ?? 0), 0);
      const active =
        sum(found.map((one) => one?.others)) +
        sum(sockets.includes(undefined) ? found.map((one) => one?.tcp) : sockets);
      // A handshake that was under way at the first look is a connection at the second.
      calm = !weighted && active === 0 ? calm + 1 : 0;
      if (calm >= 2) return undefined;
      if (time.now() >= end || run.signal.aborted) {
        await this.#weights.giveBack(hosts);
        return rejected(
          'not-ready',
          run.signal.aborted
            ? 'interrupted while its connections were waited for'
            : `after ${drainTimeout} s ${active} of its connections still go on`,
          'It is back in service. Wait longer with rollout.drainTimeout, or see who holds them.',
        );
      }
      this.#tell(`${hosts.join(', ')}: ${active} active connections`);
      await time.sleep(pace, run.signal);
    }
  }

  /** Waits until directors send to hosts again what they sent before. */
  async #returned(hosts: readonly string[]): Promise<string | undefined> {
    const { time, run, settle } = this.#rolling;
    const end = time.now() + settle;
    for (;;) {
      const tables = await readTables(run, this.#weights.directors);
      const missing = hosts.flatMap((host) => {
        const own = this.#weights.addresses([host]);
        const now = [...tables].flatMap(([name, table]) =>
          standing(table ?? [], own).weighted.map((one) => `${name} ${one}`),
        );
        return (this.#served.get(host) ?? []).filter((one) => !now.includes(one));
      });
      const [first] = missing;
      if (first === undefined) return undefined;
      if (time.now() >= end) return `not in the table again after ${settle} s: ${first}`;
      await time.sleep(pace);
    }
  }

  #tell(text: string): void {
    this.#rolling.run.listen({ type: 'draining', text });
  }
}

const putBack = 'The next apply puts it back. See it with "lvsctl status".';

function withCare(batch: readonly HostSteps[], type: 'drain' | 'switch-over'): readonly HostSteps[] {
  return batch.filter(({ care }) => care?.type === type);
}
