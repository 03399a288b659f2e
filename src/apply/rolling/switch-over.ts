import { randomBytes } from 'node:crypto';
import { movables, type Movable } from '../../keepalived/hand-over.ts';
import type { Rejection } from '../failure.ts';
import { directorSound, patiently } from './ask.ts';
import { rejected, type RollingRun } from './given.ts';
import { awayScript, giveUpScript, heldScript } from './hand-over.ts';

/** Seconds for a script that hands over. */
const deadline = 40;

/** Moves VIPs off a director before it is changed, and back after it. */
export class SwitchOver {
  readonly #rolling: RollingRun;
  readonly #director: string;
  /** What it gave up. */
  #given: readonly Movable[] = [];

  constructor(rolling: RollingRun, director: string) {
    this.#rolling = rolling;
    this.#director = director;
  }

  /** Has the director give up what it holds to others, once they were found sound. */
  async away(): Promise<Rejection | undefined> {
    const { cluster } = this.#rolling;
    const held = await this.#heldBy(this.#director);
    const moving = movables(cluster).filter(({ vips }) => vips.some((vip) => held.includes(vip)));
    if (moving.length === 0) return undefined;
    const takers = new Set(moving.flatMap((one) => this.#takerOf(one) ?? []));
    const not = (detail: string): Rejection =>
      rejected(
        'not-ready',
        `its VIPs were not handed over: ${detail}`,
        'They are where they were. Put that right first.',
      );
    if (takers.size === 0) return not('no other director could be asked');
    for (const taker of takers) {
      const problem = await directorSound(this.#rolling, taker);
      if (problem !== undefined) return not(problem);
    }
    this.#tell(`hands ${moving.flatMap(({ vips }) => vips).join(', ')} over to ${[...takers].join(', ')}`);
    this.#given = moving;
    const files = moving.map(({ file }) => file);
    const problem =
      (await this.#giveUp(this.#director, moving, files)) ??
      (await this.#taken(moving, (name) => name !== this.#director));
    if (problem === undefined) return undefined;
    await this.#run(this.#director, awayScript(files, false));
    this.#given = [];
    return not(problem);
  }

  /** Gives back what the director is preferred for, once it was found sound; the rest it may take again. */
  async back(): Promise<Rejection | undefined> {
    if (this.#given.length === 0) return undefined;
    const problem = await directorSound(this.#rolling, this.#director);
    if (problem !== undefined) return rejected('unsound', problem, 'Its VIPs stay with the other director.');
    const own = this.#given.filter((one) => one.preempts && one.order[0] === this.#director);
    const others = this.#given.filter((one) => !own.includes(one));
    await this.#run(
      this.#director,
      awayScript(
        others.map(({ file }) => file),
        false,
      ),
    );
    const failed = own.length === 0 ? undefined : await this.#return(own);
    this.#given = [];
    return failed === undefined
      ? undefined
      : rejected(
          'not-back',
          `its VIPs did not come back: ${failed}`,
          'They are served by the other director. Look at keepalived on both.',
        );
  }

  /** Lets those that hold now give up, and the director take over: what holds is quiet before either hears of it. */
  async #return(own: readonly Movable[]): Promise<string | undefined> {
    this.#tell(`gets ${own.flatMap(({ vips }) => vips).join(', ')} back`);
    for (const holder of this.#others()) {
      const held = await this.#heldBy(holder);
      const its = own.filter(({ vips }) => vips.some((vip) => held.includes(vip)));
      if (its.length === 0) continue;
      const files = its.map(({ file }) => file);
      const problem =
        (await this.#giveUp(holder, its, [], async () => {
          await this.#run(this.#director, awayScript(files, false));
          await this.#run(holder, awayScript(files, true));
        })) ?? (await this.#taken(its, (name) => name === this.#director));
      await this.#run(holder, awayScript(files, false));
      if (problem !== undefined) return problem;
    }
    await this.#run(
      this.#director,
      awayScript(
        own.map(({ file }) => file),
        false,
      ),
    );
    return this.#taken(own, (name) => name === this.#director);
  }

  /** @param whenQuiet what is done as soon as nothing is under way on the holder. */
  async #giveUp(
    holder: string,
    moving: readonly Movable[],
    files: readonly string[],
    whenQuiet: () => Promise<void> = () => Promise.resolve(),
  ): Promise<string | undefined> {
    const nonce = randomBytes(12).toString('hex');
    let told: Promise<void> | undefined;
    const script = giveUpScript(
      moving.flatMap(({ vips }) => vips),
      files,
      nonce,
    );
    const ran = await this.#rolling.run.connections.get(holder)?.run(script, {
      deadline,
      onLine: (line) => {
        if (line === `${nonce} quiet`) told ??= whenQuiet();
      },
    });
    await told;
    if (ran?.ok !== true) return `${holder} could not be told: ${ran?.error.detail ?? 'there is no connection'}`;
    if (ran.value.code === 4) return `${holder} did not give them up: is its keepalived.conf an older one?`;
    return ran.value.code === 0 ? undefined : `${holder} could not be told: ${ran.value.stderr.trim()}`;
  }

  /** Waits until all VIPs are on directors that may have them. */
  #taken(moving: readonly Movable[], may: (director: string) => boolean): Promise<string | undefined> {
    const vips = moving.flatMap((one) => one.vips);
    return patiently(this.#rolling, async () => {
      const names = this.#rolling.cluster.directors.filter(
        (name) => may(name) && this.#rolling.run.connections.has(name),
      );
      const held = (await Promise.all(names.map((name) => this.#heldBy(name)))).flat();
      const missing = vips.filter((vip) => !held.includes(vip));
      return missing.length === 0 ? undefined : `nobody took over ${missing.join(', ')}`;
    });
  }

  #others(): string[] {
    const { cluster, run } = this.#rolling;
    return cluster.directors.filter((name) => name !== this.#director && run.connections.has(name));
  }

  #takerOf({ order }: Movable): string | undefined {
    const others = this.#others();
    return order.find((name) => others.includes(name));
  }

  async #heldBy(director: string): Promise<string[]> {
    const vips = movables(this.#rolling.cluster).flatMap((one) => one.vips);
    const ran = await this.#rolling.run.connections.get(director)?.run(heldScript(vips), { deadline: 20 });
    return ran?.ok === true ? ran.value.stdout.toString('utf8').split('\n').filter(Boolean) : [];
  }

  async #run(director: string, script: string): Promise<void> {
    await this.#rolling.run.connections.get(director)?.run(script, { deadline: 20 });
  }

  #tell(what: string): void {
    this.#rolling.run.listen({ type: 'draining', text: `${this.#director} ${what}` });
  }
}
