import type { Run } from '../apply/run.ts';
import type { Cluster } from '../inventory/cluster.ts';
import type { RunLocal } from '../verify/local.ts';
import type { Time } from '../verify/time.ts';
import { Asking } from './asking.ts';
import { breakHost, healHost, type Told } from './breaking.ts';
import type { Drill, Expectation, Fault, Setup } from './drill.ts';
import { linkDelay } from './faults/network.ts';
import { boundOf, flaws, judge, type Recording } from './judge.ts';
import type { Places } from './places.ts';
import type { Power } from './power.ts';
import { Recorder } from './recorder.ts';
import type { DrillResult } from './result.ts';
import { limit } from './stream.ts';
import { Watching } from './watching.ts';

/** What it takes to carry out a drill. */
export interface DrillWorld {
  readonly cluster: Cluster;
  readonly run: Run;
  readonly places: Places;
  readonly runLocal: RunLocal;
  /** Undefined: nothing cuts power here. */
  readonly power: Power | undefined;
  /** Nothing more is broken once it fires, and what is broken is taken back. */
  readonly stop: AbortSignal;
  readonly time: Time;
}

/** Seconds that requests are sent before anything is broken, and after all has come back. */
const quiet = 2;

/** Seconds that a state is waited for beyond its bound: how late it comes is worth knowing, and news of a host may come late. */
const patience = 15;

/** Seconds that a host may take until it can be logged in to again. */
const bootPatience = 240;

/** Seconds after which a host takes back by itself what nobody has, beyond what the drill takes. */
const guardMargin = 45;

/** Carries a drill out and judges it. Whatever happens in between, what was broken is taken back before it ends. */
export async function runDrill(drill: Drill, setup: Setup, world: DrillWorld): Promise<Omit<DrillResult, 'restored'>> {
  return new Rehearsal(drill, setup, world).play();
}

/** Seconds that the faults of a drill last at most. */
export function longestFault({ hold, expectations, acts }: Setup): number {
  const bounds = statesOf(expectations, 'fault').map(({ within }) => boundOf(within) / 1000 + patience);
  return Math.max(hold, ...bounds) + acts.length * patience;
}

type StateExpectation = Extract<Expectation, { type: 'state' }>;

function statesOf(expectations: readonly Expectation[], phase: StateExpectation['phase']): StateExpectation[] {
  return expectations.filter((one): one is StateExpectation => one.type === 'state' && one.phase === phase);
}

class Rehearsal {
  readonly #drill: Drill;
  readonly #setup: Setup;
  readonly #world: DrillWorld;
  readonly #recorder: Recorder;
  readonly #asking: Asking;
  readonly #watching: Watching;
  readonly #struck: Fault[] = [];
  readonly #reasons: string[] = [];
  readonly #boots = new Map<string, string>();
  readonly #at = { first: 0, fault: 0, heal: 0, healed: 0 };

  constructor(drill: Drill, setup: Setup, world: DrillWorld) {
    this.#drill = drill;
    this.#setup = setup;
    this.#world = world;
    this.#recorder = new Recorder(world.cluster, () => Date.now());
    this.#asking = new Asking(world.cluster, setup.services, this.#recorder);
    this.#watching = new Watching(this.#recorder, world.places, world.time);
  }

  async play(): Promise<Omit<DrillResult, 'restored'>> {
    const { cluster, places, runLocal, stop } = this.#world;
    const started = new Date().toISOString();
    this.#recorder.mark('begin', this.#drill.title);
    const seconds = longestFault(this.#setup) + bootPatience + 120;
    this.#watching.begin(cluster.directors, seconds);
    let broken: boolean;
    try {
      await this.#asking.begin(seconds, places, runLocal);
      await this.#until(() => this.#recorder.complete, patience);
      await this.#wait(quiet);
      this.#tellOf('requests are on their way');
      broken = await this.#break();
      if (broken) await this.#during();
    } finally {
      await this.#heal();
    }
    if (broken && !stop.aborted) await this.#after();
    // What began since then may not have come to its end.
    const end = this.#recorder.now - limit - 100;
    const streams = await this.#asking.end();
    await this.#watching.end();
    this.#recorder.mark('end', 'over');
    const recording: Recording = { ...this.#at, end, looks: this.#recorder.looks, streams };
    const measures = broken && !stop.aborted ? judge(this.#setup, recording, cluster) : [];
    const reasons = [
      ...this.#reasons,
      ...this.#asking.troubles,
      ...(broken && !stop.aborted ? flaws(this.#setup, recording) : []),
    ];
    const passed = broken && reasons.length === 0 && measures.every(({ ok }) => ok);
    return {
      name: this.#drill.name,
      title: this.#drill.title,
      hosts: hostsOf(this.#setup),
      status: stop.aborted ? 'interrupted' : passed ? 'passed' : 'failed',
      reasons,
      started,
      duration: Math.round(this.#recorder.now),
      marks: [...this.#recorder.marks].sort((a, b) => a.at - b.at),
      measures,
      streams,
    };
  }

  /** Act after act; false: it did not come to the last one. */
  async #break(): Promise<boolean> {
    const { acts } = this.#setup;
    for (const [position, act] of acts.entries()) {
      if (this.#world.stop.aborted) return false;
      this.#tellOf(act.text);
      const begun = this.#recorder.now;
      if (position === 0) this.#at.first = begun;
      this.#at.fault = begun;
      const outcomes = await Promise.all(act.faults.map((fault) => this.#strike(fault, position)));
      const failed = outcomes.filter((outcome) => outcome !== undefined);
      this.#recorder.mark('fault', act.text, undefined, this.#at.fault);
      if (failed.length > 0) {
        this.#reasons.push(...failed);
        return false;
      }
      const { until } = act;
      if (until && !(await this.#until(() => this.#recorder.holds(until), patience + this.#setup.hold)))
        this.#reasons.push(`${act.text}, and nothing came of it`);
      if (position < acts.length - 1) await this.#wait(quiet);
    }
    return true;
  }

  /** Breaks one thing; gives why it could not. */
  async #strike(fault: Fault, position: number): Promise<string | undefined> {
    const { places, power, run } = this.#world;
    const { host } = fault;
    const guard = longestFault(this.#setup) + guardMargin;
    if (fault.by === 'power') {
      if (!power) return `${host}: nothing cuts its power here`;
      this.#struck.push(fault);
      try {
        await power.off(host, guard);
      } catch (error) {
        return `${host}: ${(error as Error).message}`;
      }
      return undefined;
    }
    const connection = await places.fresh(host);
    if (!connection) return `${host} cannot be reached`;
    if (fault.boots) {
      const boot = await connection.run(bootId, { deadline: 15 });
      this.#boots.set(host, boot.ok ? boot.value.stdout.toString('utf8') : '');
    }
    this.#struck.push(fault);
    const seconds = fault.alone ? this.#setup.hold : guard;
    const outcome = await breakHost(fault, position, seconds, connection, run, this.#told(host));
    return outcome.ok ? undefined : outcome.error;
  }

  /** What a host tells of its own times: of several that are struck at once, the last one counts. */
  #told(host: string): Told {
    return ({ name, at }) => {
      this.#recorder.heard(host, at);
      const moment = this.#recorder.momentOf(host, at) ?? this.#recorder.now;
      if (name === 'fault') this.#at.fault = Math.max(this.#at.fault, moment);
      if (name === 'healing') this.#at.heal = Math.min(this.#at.heal, moment);
      if (name === 'healed') this.#at.healed = Math.max(this.#at.healed, moment);
    };
  }

  /** The faults last until everything that is expected has come, and at least as long as the drill says. */
  async #during(): Promise<void> {
    const states = statesOf(this.#setup.expectations, 'fault');
    const most = Math.max(this.#setup.hold, ...states.map(({ within }) => boundOf(within) / 1000 + patience));
    const start = this.#recorder.now;
    const alone = this.#struck.some((fault) => fault.by === 'steps' && fault.alone);
    // What comes back by itself does so when its time is over.
    const least = this.#setup.hold + (alone ? linkDelay + 1 : 0);
    const enough = (): boolean =>
      this.#recorder.now - start >= least * 1000 && states.every(({ condition }) => this.#recorder.holds(condition));
    await this.#until(enough, Math.max(most, least));
  }

  async #heal(): Promise<void> {
    if (this.#struck.length === 0) return;
    this.#tellOf('takes back what it has broken');
    this.#at.heal = this.#recorder.now;
    // The last one first: a real server works again before it is put back.
    const hosts = [...new Set(this.#struck.map(({ host }) => host).reverse())];
    const acts = this.#setup.acts.map(({ faults }) => faults.map(({ host }) => host)).reverse();
    const done = new Set<string>();
    for (const group of acts) {
      const due = hosts.filter((host) => group.includes(host) && !done.has(host));
      for (const host of due) done.add(host);
      await Promise.all(due.map((host) => this.#healOne(host)));
    }
    const faults = new Set(this.#struck.map(({ host }) => host));
    this.#at.healed = Math.max(this.#at.healed, this.#at.heal);
    this.#recorder.mark('heal', `taken back on ${[...faults].join(', ')}`, undefined, this.#at.heal);
  }

  async #healOne(host: string): Promise<void> {
    const { places, power, run, time } = this.#world;
    const fault = this.#struck.find((one) => one.host === host);
    const down = fault?.by === 'power' || (fault?.by === 'steps' && fault.boots);
    if (down) this.#recorder.booted(host);
    if (fault?.by === 'power') await power?.on(host);
    const end = time.now() + bootPatience;
    let why = `${host} cannot be reached`;
    while (time.now() < end) {
      const connection = down ? await this.#afterBoot(host) : await places.fresh(host);
      if (connection && fault?.by === 'power') {
        this.#at.healed = this.#recorder.now;
        return;
      }
      if (connection) {
        const healed = await healHost(host, connection, run, this.#told(host));
        if (healed.ok) return;
        why = healed.error.why;
        if (!healed.error.again) break;
        places.drop(host);
      }
      await time.sleep(1);
    }
    this.#reasons.push(`not taken back: ${why}`);
  }

  /** A connection to a host once it has booted anew. */
  async #afterBoot(host: string) {
    const { places } = this.#world;
    const connection = await places.renew(host);
    const before = this.#boots.get(host);
    if (!connection || before === undefined) return connection;
    const boot = await connection.run(bootId, { deadline: 15 });
    return boot.ok && boot.value.stdout.toString('utf8') !== before ? connection : undefined;
  }

  /** Waits until everything has come back that is expected to. */
  async #after(): Promise<void> {
    const states = statesOf(this.#setup.expectations, 'heal');
    const most = Math.max(0, ...states.map(({ within }) => boundOf(within) / 1000)) + patience;
    await this.#until(() => states.every(({ condition }) => this.#recorder.holds(condition)), most);
    await this.#wait(quiet);
  }

  async #until(test: () => boolean, seconds: number): Promise<boolean> {
    const { time, stop } = this.#world;
    const end = time.now() + seconds;
    while (!test()) {
      if (time.now() >= end || stop.aborted) return false;
      await time.sleep(0.1, stop);
    }
    return true;
  }

  async #wait(seconds: number): Promise<void> {
    if (!this.#world.stop.aborted) await this.#world.time.sleep(seconds, this.#world.stop);
  }

  #tellOf(text: string): void {
    this.#world.run.listen({ type: 'drilling', drill: this.#drill.name, text });
  }
}

/** Tells one boot from another: random(4). */
const bootId = 'cat /proc/sys/kernel/random/boot_id';

/** The hosts on which a drill breaks something, each once. */
export function hostsOf({ acts }: Setup): string[] {
  return [...new Set(acts.flatMap(({ faults }) => faults.map(({ host }) => host)))];
}
