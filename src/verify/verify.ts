import { randomBytes } from 'node:crypto';
import { isAborted } from '../aborted.ts';
import type { Listener } from '../events.ts';
import type { Cluster } from '../inventory/cluster.ts';
import { survey, type Connect, type Survey } from '../observe/survey.ts';
import { makePlan } from '../plan/plan.ts';
import { err, ok } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import type { ConnectFailure, Connection, RunFailure } from '../ssh/connection.ts';
import { operator, type Check, type CheckContext, type Evidence, type Finding, type Round } from './check.ts';
import { checks as allChecks } from './checks/index.ts';
import type { RunLocal } from './local.ts';
import { unreached } from './reachable.ts';
import { ask, sectionName, sectionsFor, type Answers } from './rounds.ts';
import { sightOf, type Sight } from './sight.ts';
import { realTime, type Time } from './time.ts';

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

/** What a verification needs. */
export interface VerifyInput {
  readonly cluster: Cluster;
  /** The hosts to ask: all, or those that `--limit` left. */
  readonly desired: readonly DesiredHost[];
  /** For hosts without an open connection; without it those count as unreachable. Connections made here are closed at the end. */
  readonly connect?: Connect;
  /** Connections that are open already, after an apply; they stay open. */
  readonly connections?: ReadonlyMap<string, Connection>;
  readonly listen: Listener;
  /** Seconds within which everything may still come right, as after an apply: keepalived adds real servers after their first check. */
  readonly patience: number;
  readonly runLocal: RunLocal;
  /** Ends it after the present round; what was left on hosts is still taken away. */
  readonly signal?: AbortSignal;
  /** Takes up what the directors say of drained hosts. */
  readonly heed?: Heed;
  readonly checks?: readonly Check[];
  /** Names of the checks whose findings are wanted; undefined: of all. */
  readonly wanted?: ReadonlySet<string>;
  /** Whether warnings count as failures. */
  readonly strict?: boolean;
  readonly time?: Time;
}

/** The proof, or what is missing from it. */
export interface VerifyReport {
  readonly cluster: string;
  /** No critical finding failed, at least one finding is ok, and it came to its end. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Hosts that were looked at, in inventory order. */
  readonly hosts: readonly string[];
  /** Places that requests were to be sent from. */
  readonly vantage: readonly string[];
  readonly seconds: number;
  /** How often it was looked; only the last time is reported. */
  readonly attempts: number;
  readonly interrupted: boolean;
  /** How the cluster was found at the last look. */
  readonly sight: Sight;
}

/** Proves that a cluster works. Each round costs a host one exec at most, and the first of the three is the observation. */
export async function verify(input: VerifyInput): Promise<VerifyReport> {
  const time = input.time ?? realTime;
  const start = time.now();
  const { strict = false } = input;
  const verification = new Verification(input);
  const patient = (): boolean => !isAborted(input.signal) && time.now() - start < input.patience;
  let attempts = 0;
  let findings: readonly Finding[];
  try {
    do {
      if (attempts > 0) await time.sleep(1, input.signal);
      attempts += 1;
      // While there is patience, requests are only sent where the rest is in order: they would fail, and take their time.
      findings = await verification.look(patient);
    } while (!holds(findings, strict) && patient());
  } finally {
    await verification.end();
  }
  const interrupted = isAborted(input.signal);
  return {
    cluster: input.cluster.name,
    ok: holds(findings, strict) && !interrupted,
    findings,
    hosts: verification.hosts,
    vantage: input.cluster.verify.from,
    seconds: time.now() - start,
    attempts,
    interrupted,
    sight: verification.sight,
  };
}

/** What is critical must not fail, and something must hold: what could not be looked at at all is no proof. */
function holds(findings: readonly Finding[], strict: boolean): boolean {
  const isGrave = (one: Finding): boolean => isCritical(one) || (strict && isWarning(one));
  return findings.some(({ status }) => status === 'ok') && !findings.some(isGrave);
}

function isWarning({ status, severity }: Finding): boolean {
  return status === 'failed' && severity === 'warning';
}

/** Whether something failed that makes the whole fail; a finding without a severity is critical. */
function isCritical({ status, severity = 'critical' }: Finding): boolean {
  return status === 'failed' && severity === 'critical';
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

class Verification {
  readonly #input: VerifyInput;
  readonly #checks: readonly Check[];
  readonly #nonce = randomBytes(12).toString('hex');
  readonly #open: Map<string, Connection>;
  readonly #own = new Set<Connection>();
  #attempt = 0;
  #cluster: Cluster;
  #desired: readonly DesiredHost[];
  #seen: Survey | undefined;
  #answers = new Map<Round, Map<string, Answers>>();
  #lost: RunFailure[] = [];
  /** Whether `before` may have left something that only `after` takes away. */
  #littered = false;

  constructor(input: VerifyInput) {
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
    if (patient() && standing.some(isCritical)) return standing;
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
    this.#tell(
      this.#attempt === 1
        ? `looks at ${desired.length} host${desired.length === 1 ? '' : 's'}`
        : `looks again (${this.#attempt})`,
    );
    // Events of connecting are news once, and none where an apply has told them.
    const isNews = this.#attempt === 1 && this.#input.connections === undefined;
    this.#littered = true;
    const context = this.#context(new Map());
    const seen = await survey(desired, this.#connect, isNews ? listen : () => undefined, {
      extra: (host) => sectionsFor(this.#checks, 'before', host, context),
    });
    const given = { cluster: this.#input.cluster, desired, observations: seen.observations };
    const heeded = this.#input.heed?.(given.cluster, given.desired, given.observations) ?? given;
    this.#cluster = heeded.cluster;
    this.#desired = heeded.desired;
    this.#seen = { ...seen, observations: heeded.observations };
    for (const failure of seen.unreadable) if (failure.reason !== 'unreadable') this.#drop(failure);
    this.#answers.set('before', new Map([...seen.observations].map(([host, { extra }]) => [host, extra])));
    return this.#seen;
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
