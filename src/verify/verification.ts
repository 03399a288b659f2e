import { randomBytes } from 'node:crypto';
import { isAborted } from '../aborted.ts';
import type { Listener } from '../events.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { inOrder, survey, type Connect, type Survey } from '../observe/survey.ts';
import { makePlan } from '../plan/plan.ts';
import { err, ok } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import type { ConnectFailure, Connection, RunFailure } from '../ssh/connection.ts';
import { operator, type Check, type CheckContext, type Evidence, type Finding, type Round } from './check.ts';
import { checks as allChecks } from './checks/index.ts';
import type { RunLocal } from './local.ts';
import { unreached } from './reachable.ts';
import { ask, sectionName, sectionsFor, type Answers } from './rounds.ts';
import { isCritical } from './severity.ts';
import { sightOf, type Sight } from './sight.ts';

/** What is wished and was seen, in the light of what was seen: see cli/heed.ts. */
export type Heed = (
  cluster: Cluster,
  desired: readonly DesiredHost[],
  observations: Survey['observations'],
) => {
  readonly cluster: Cluster;
  readonly desired: readonly DesiredHost[];
  readonly observations: Survey['observations'];
};

/** What looking at a cluster needs. */
export interface Looking {
  readonly cluster: Cluster;
  /** The hosts to ask: all, or those that `--limit` left. */
  readonly desired: readonly DesiredHost[];
  /** For hosts without an open connection; without it those count as unreachable. Connections made here are closed at the end. */
  readonly connect?: Connect;
  /** Connections that are open already, after an apply; they stay open. */
  readonly connections?: ReadonlyMap<string, Connection>;
  readonly listen: Listener;
  readonly runLocal: RunLocal;
  /** Ends it after the present round; what was left on hosts is still taken away. */
  readonly signal?: AbortSignal;
  /** Takes up what the directors say of drained hosts. */
  readonly heed?: Heed;
  readonly checks?: readonly Check[];
  /** Names of the checks whose findings are wanted; undefined: of all. */
  readonly wanted?: ReadonlySet<string>;
}

/** What a check finds, with the severity of the check where a finding has none of its own. */
function graded(check: Check, evidence: Evidence): Finding[] {
  return check.judge(evidence).map((finding) => ({ ...finding, severity: finding.severity ?? check.severity }));
}

/** Seconds that a round may take at one place, besides the requests. */
const roundSeconds = 60;
/** Seconds that a whole round may take, requests included. */
const mostSeconds = 900;

function disconnected(host: string): ConnectFailure {
  return { reason: 'unreachable', host, detail: 'its connection was lost', hint: 'run "lvsctl verify" again' };
}

/** How hosts were found, where some of them were looked at again. */
function renewed(desired: readonly DesiredHost[], before: Survey | undefined, fresh: Survey): Survey {
  if (!before) return fresh;
  const again = new Set([
    ...fresh.observations.keys(),
    ...[...fresh.unreachable, ...fresh.unreadable].map(({ host }) => host),
  ]);
  const stays = ({ host }: { readonly host: string }): boolean => !again.has(host);
  const kept = [...before.observations].filter(([host]) => !again.has(host));
  return {
    connections: new Map([...before.connections, ...fresh.connections]),
    observations: inOrder(desired, new Map([...kept, ...fresh.observations])),
    unreachable: [...before.unreachable.filter(stays), ...fresh.unreachable],
    unreadable: [...before.unreadable.filter(stays), ...fresh.unreadable],
    problems: [...before.problems.filter(stays), ...fresh.problems],
  };
}

/** A verification under way: looks at a cluster as often as it is asked to. */
export class Verification {
  readonly #input: Looking;
  readonly #checks: readonly Check[];
  readonly #nonce = randomBytes(12).toString('hex');
  readonly #open: Map<string, Connection>;
  readonly #own = new Set<Connection>();
  #attempt = 0;
  #cluster: Cluster;
  #desired: readonly DesiredHost[];
  /** How each host was found when it was looked at last. */
  #found: Survey | undefined;
  /** The same, in the light of what was heeded. */
  #seen: Survey | undefined;
  /** The hosts to look at next; undefined: all of them. */
  #next: ReadonlySet<string> | undefined;
  #answers = new Map<Round, Map<string, Answers>>();
  #lost: RunFailure[] = [];
  /** Whether `before` may have left something that only `after` takes away. */
  #littered = false;

  constructor(input: Looking) {
    this.#input = input;
    this.#cluster = input.cluster;
    this.#desired = input.desired;
    this.#checks = input.checks ?? allChecks;
    this.#open = new Map(input.connections);
  }

  get sight(): Sight {
    return this.#seen ? sightOf(this.#evidence(this.#seen)) : { hosts: [], vips: [], pools: [] };
  }

  get hosts(): string[] {
    return [...(this.#seen?.observations.keys() ?? [])];
  }

  /** One attempt: all rounds, or the first alone where that is not in order yet and `patient` allows another attempt. */
  async look(patient: () => boolean): Promise<readonly Finding[]> {
    this.#attempt += 1;
    this.#answers = new Map();
    this.#lost = [];
    const seen = await this.#before();
    const standing = this.#judge(
      seen,
      this.#checks.filter((check) => this.#isStanding(check)),
    );
    const wrong = standing.filter(isCritical);
    this.#next = undefined;
    if (patient() && wrong.length > 0) {
      this.#next = this.#concernedBy(wrong);
      return standing;
    }
    if (!isAborted(this.#input.signal)) {
      this.#tell(this.#whatIsSent());
      await this.#round('during', this.#input.signal);
    }
    await this.#cleanUp();
    return this.#judge(seen, this.#checks);
  }

  /** Takes away what is left on hosts, and closes the connections that were made here. */
  async end(): Promise<void> {
    if (this.#littered) await this.#cleanUp();
    for (const connection of this.#own) connection.close();
  }

  async #before(): Promise<Survey> {
    const { desired, listen } = this.#input;
    const asked = desired.filter(({ host }) => this.#next?.has(host.name) ?? true);
    this.#tell(
      this.#attempt === 1
        ? `looks at ${asked.length} host${asked.length === 1 ? '' : 's'}`
        : `looks again (${this.#attempt})`,
    );
    // Events of connecting are news once, and none where an apply has told them.
    const isNews = this.#attempt === 1 && this.#input.connections === undefined;
    this.#littered = true;
    const context = this.#context(new Map());
    const fresh = await survey(asked, this.#connect, isNews ? listen : () => undefined, {
      extra: (host) => sectionsFor(this.#checks, 'before', host, context),
    });
    const seen = renewed(desired, this.#found, fresh);
    this.#found = seen;
    const given = { cluster: this.#input.cluster, desired, observations: seen.observations };
    const heeded = this.#input.heed?.(given.cluster, given.desired, given.observations) ?? given;
    this.#cluster = heeded.cluster;
    this.#desired = heeded.desired;
    this.#seen = { ...seen, observations: heeded.observations };
    for (const failure of fresh.unreadable) if (failure.reason !== 'unreadable') this.#drop(failure);
    this.#answers.set('before', new Map([...seen.observations].map(([host, { extra }]) => [host, extra])));
    return this.#seen;
  }

  /** Where it is wrong, and the directors, whose work most of it hangs on; of what is wrong at no single host, all that was asked. */
  #concernedBy(wrong: readonly Finding[]): Set<string> {
    const context = this.#context();
    const hosts = this.#desired.map(({ host }) => host.name);
    const wide = new Set(wrong.filter(({ where }) => !hosts.includes(where)).map(({ check }) => check));
    const asking = this.#checks.filter(({ name }) => wide.has(name));
    const asked = hosts.filter((host) => asking.some((check) => check.section('before', host, context)));
    return new Set([...wrong.map(({ where }) => where), ...asked, ...this.#cluster.directors]);
  }

  readonly #connect: Connect = async (hosts, onResult) => {
    const missing = hosts.filter(({ name }) => !this.#open.has(name));
    for (const { name } of hosts) {
      const connection = this.#open.get(name);
      if (connection) onResult(name, ok(connection));
    }
    const { connect } = this.#input;
    if (!connect) for (const { name } of missing) onResult(name, err(disconnected(name)));
    if (!connect || missing.length === 0) return;
    await connect(missing, (name, result) => {
      if (result.ok) {
        this.#open.set(name, result.value);
        this.#own.add(result.value);
      }
      onResult(name, result);
    });
  };

  async #cleanUp(): Promise<void> {
    this.#littered = false;
    await this.#round('after');
  }

  /** All places at once. What a check hears from a place that is lost on the way is nothing. */
  async #round(round: 'during' | 'after', signal?: AbortSignal): Promise<void> {
    const context = this.#context();
    const answers = new Map<string, Answers>();
    this.#answers.set(round, answers);
    const { runLocal } = this.#input;
    const cluster = this.#cluster;
    const series = cluster.services.length * cluster.verify.requests;
    const seconds = Math.min(roundSeconds + (round === 'during' ? series : 0), mostSeconds);
    await Promise.all(
      [...context.observations.keys(), operator].map(async (where) => {
        const sections = sectionsFor(this.#checks, round, where, context);
        const connection = this.#open.get(where);
        if (sections.length === 0 || (where !== operator && !connection)) return;
        const run: RunLocal = connection ? (script, options) => connection.run(script, options) : runLocal;
        const result = await ask(run, where, sections, seconds, signal);
        if (result.ok) answers.set(where, result.value);
        else {
          this.#lost.push(result.error);
          this.#drop(result.error);
        }
      }),
    );
  }

  /** A connection that broke off is of no more use. */
  #drop({ host, reason }: RunFailure): void {
    if (reason === 'link-lost') this.#open.delete(host);
  }

  #context(observations: CheckContext['observations'] = this.#seen?.observations ?? new Map()): CheckContext {
    return {
      cluster: this.#cluster,
      nonce: this.#nonce,
      observations,
      answer: (round, where, check) => this.#answers.get(round)?.get(where)?.get(sectionName(check)),
    };
  }

  /** Whether all that a check looks at is known after the first round. */
  #isStanding(check: Check): boolean {
    const context = this.#context();
    const places = [...context.observations.keys(), operator];
    return !places.some((where) => check.section('during', where, context) ?? check.section('after', where, context));
  }

  #judge(seen: Survey, checks: readonly Check[]): Finding[] {
    const evidence = this.#evidence(seen);
    const wanted = checks.filter(({ name }) => this.#input.wanted?.has(name) ?? true);
    return [...unreached(this.#cluster, seen, this.#lost), ...wanted.flatMap((check) => graded(check, evidence))];
  }

  #evidence(seen: Survey): Evidence {
    return { ...this.#context(), plan: makePlan(this.#cluster, this.#desired, seen.observations) };
  }

  #whatIsSent(): string {
    const { services, verify: settings } = this.#cluster;
    const names = services.map(({ name }) => name).join(', ');
    return `sends ${settings.requests} requests to ${names || 'no service'} from ${settings.from.join(', ') || 'nowhere'}`;
  }

  #tell(text: string): void {
    this.#input.listen({ type: 'probing', text });
  }
}
