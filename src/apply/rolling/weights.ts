import { shortest } from '../../ipvs/desired.ts';
import { awake, resting } from '../../keepalived/resting.ts';
import { keepalivedState } from '../../observe/keepalived.ts';
import type { Observation } from '../../observe/observe.ts';
import { drainedSaid, nextWord, wantedDrained } from '../../plan/drained.ts';
import { makePlan, type HostSteps, type Plan } from '../../plan/plan.ts';
import type { FileResource, FileState } from '../../resources/file.ts';
import { ref } from '../../resources/resource.ts';
import { keepalivedConfiguration } from '../../roles/director.ts';
import { drainedPath, drainedText } from '../../roles/director/drained.ts';
import type { DesiredHost } from '../../roles/index.ts';
import { runsNow } from '../../resources/service.ts';
import { newRunId } from '../run-folder.ts';
import type { Rejection } from '../failure.ts';
import { rejected, type RollingRun } from './given.ts';

const [configuration, word] = [ref('file', keepalivedConfiguration), ref('file', drainedPath)];

/** The files of a director that hold weights; undefined: there is none. */
interface Held {
  readonly configuration: string;
  readonly word: string | undefined;
}

/**
 * The weights on the directors while real servers are changed. They are set where keepalived reads them, so that neither a reload nor
 * a restart nor a check that holds again brings a real server back too early, and whoever plans next finds them.
 */
export class Weights {
  readonly #rolling: RollingRun;
  /** As they are without this run. */
  readonly #base = new Map<string, Held>();
  readonly #now = new Map<string, Held>();
  /** Hosts that are at rest because of this run, or of one before it that came to no end. */
  readonly #out: Set<string>;
  readonly #asOf: number;

  constructor(rolling: RollingRun) {
    this.#rolling = rolling;
    const { cluster, observations, run } = rolling;
    const said = drainedSaid(cluster, observations);
    this.#out = new Set(said.byRun);
    this.#asOf = nextWord(said, [...said.names, '*'], Date.now()).asOf;
    for (const wish of rolling.desired) {
      const { name } = wish.host;
      const observation = observations.get(name);
      const keepalived = keepalivedState(cluster, name, observations);
      if (!run.connections.has(name) || observation === undefined || !cluster.directors.includes(name)) continue;
      if (keepalived === undefined || !runsNow(keepalived)) continue;
      const held = heldBy(wish, observation);
      if (held === undefined) continue;
      this.#now.set(name, held);
      const rest = drainedText(wantedDrained(said));
      this.#base.set(name, {
        configuration: awake(held.configuration),
        word: said.byRun.length > 0 ? rest : held.word,
      });
    }
  }

  /** The directors that send requests. */
  get directors(): string[] {
    return [...this.#now.keys()];
  }

  /** Takes hosts out of every service, on all directors at once. */
  async rest(hosts: readonly string[]): Promise<Rejection | undefined> {
    const before = [...this.#out];
    for (const host of hosts) this.#out.add(host);
    const trouble = await this.#write();
    if (trouble === undefined) return undefined;
    for (const host of hosts) if (!before.includes(host)) this.#out.delete(host);
    await this.#write();
    return rejected(
      'not-ready',
      `${hosts.join(', ')} could not be drained: ${trouble}`,
      'Look at that director first.',
    );
  }

  /** Gives hosts the weights that they had. */
  async giveBack(hosts: readonly string[]): Promise<string | undefined> {
    for (const host of hosts) this.#out.delete(host);
    return this.#write();
  }

  /** A director has got the configuration that is wished for it. */
  changed(director: string): void {
    const wish = this.#rolling.desired.find(({ host }) => host.name === director);
    const content = wish && contentOf(wish, configuration);
    const held = this.#base.get(director);
    if (content === undefined || held === undefined) return;
    const now = { configuration: content, word: wish && contentOf(wish, word) };
    this.#base.set(director, now);
    this.#now.set(director, now);
  }

  /** Addresses of hosts in the form that tables have. */
  addresses(hosts: readonly string[]): Set<string> {
    return new Set([...this.#written(hosts)].map(shortest));
  }

  /** Brings the files of all directors to what is wished now; gives what went wrong. */
  async #write(): Promise<string | undefined> {
    const plan = this.#plan();
    if (plan.stages.length === 0) return undefined;
    const { run, carry } = this.#rolling;
    const result = await carry(plan, {
      ...run,
      // A run of its own: what it did to a director is not undone together with what the director gets later.
      holder: { ...run.holder, run: newRunId() },
      listen: () => undefined,
      // What was taken out is put back also after an interruption.
      signal: new AbortController().signal,
      rolling: undefined,
    });
    const failed = new Map(result.failures.map((failure) => [failure.host, failure]));
    for (const name of plan.hosts) if (!failed.has(name)) this.#now.set(name, this.#wished(name));
    const [first] = failed.values();
    if (first === undefined) return undefined;
    const why = 'code' in first.cause ? (first.output.at(-1) ?? `exit code ${first.cause.code}`) : first.cause.detail;
    return `${first.host}: ${why}`;
  }

  #wished(director: string): Held {
    const base = this.#base.get(director) ?? { configuration: '', word: undefined };
    if (this.#out.size === 0) return base;
    const out = this.#rolling.cluster.hosts.map(({ name }) => name).filter((name) => this.#out.has(name));
    const { cluster } = this.#rolling;
    return {
      configuration: resting(base.configuration, this.#written(out)),
      word: drainedText({
        names: [...cluster.drained, ...out.filter((name) => !cluster.drained.includes(name))],
        byRun: out,
        asOf: this.#asOf,
      }),
    };
  }

  /** Addresses as a configuration has them: as they stand in the inventory. */
  #written(hosts: readonly string[]): Set<string> {
    const own = this.#rolling.cluster.hosts.filter(({ name }) => hosts.includes(name));
    return new Set(own.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  }

  #plan(): Plan {
    const { cluster, desired, observations } = this.#rolling;
    const wishes: DesiredHost[] = [];
    const seen = new Map<string, Observation>();
    for (const wish of desired) {
      const { name } = wish.host;
      const observation = observations.get(name);
      const now = this.#now.get(name);
      if (observation === undefined || now === undefined) continue;
      const wished = this.#wished(name);
      wishes.push(narrowed(wish, wished));
      const states = new Map(observation.states)
        .set(configuration, stateOf(observation.states.get(configuration), now.configuration, wished.configuration))
        .set(word, stateOf(observation.states.get(word), now.word, wished.word));
      seen.set(name, { ...observation, states, leftovers: [] });
    }
    const plan = makePlan(cluster, wishes, seen);
    const batches = plan.stages
      .flatMap(({ batches: all }) => all.flat())
      .map(({ host, steps }): HostSteps => ({ host, steps }));
    return { ...plan, stages: batches.length === 0 ? [] : [{ stage: 'directors', batches: [batches] }] };
  }
}

/** What a director has, as far as it is known. */
function heldBy(wish: DesiredHost, { states, drained }: Observation): Held | undefined {
  const state = states.get(configuration) as FileState | undefined;
  const text =
    state?.state === 'file' ? (state.content === undefined ? contentOf(wish, configuration) : state.content) : null;
  if (text === null || text === undefined) return undefined;
  const said = states.get(word) as FileState | undefined;
  return { configuration: text, word: said?.state === 'file' ? drained : undefined };
}

function contentOf({ resources }: DesiredHost, name: string): string | undefined {
  const found = resources.find((one) => one.ref === name)?.resource;
  return found?.kind === 'file' ? found.content : undefined;
}

/** The wishes of a director for its weights alone. */
function narrowed(wish: DesiredHost, wished: Held): DesiredHost {
  const contents = new Map([
    [configuration, wished.configuration],
    [word, wished.word],
  ]);
  const resources = wish.resources.flatMap((placed) => {
    const { resource } = placed;
    if (resource.kind === 'file' && contents.has(placed.ref)) {
      const file: FileResource = { ...resource, content: contents.get(placed.ref) };
      return [{ ...placed, resource: file }];
    }
    return resource.kind === 'service' && resource.reloadOn.includes(configuration) ? [placed] : [];
  });
  return { ...wish, resources };
}

/** A file as it would be seen now; its content is named only where it is not the wished one. */
function stateOf(seen: unknown, now: string | undefined, wished: string | undefined): FileState {
  if (now === undefined) return { state: 'absent' };
  const known = seen as FileState | undefined;
  const owned =
    known?.state === 'file'
      ? { mode: known.mode, owner: known.owner, group: known.group }
      : { mode: '0644', owner: 'root', group: 'root' };
  return { state: 'file', ...owned, content: now === wished ? undefined : now };
}
