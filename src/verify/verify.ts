import { isAborted } from '../aborted.ts';
import type { Finding } from './check.ts';
import { isCritical, isWarning } from './severity.ts';
import type { Sight } from './sight.ts';
import { realTime, type Time } from './time.ts';
import { Verification, type Looking } from './verification.ts';

/** What a verification needs. */
export interface VerifyInput extends Looking {
  /** Seconds within which everything may still come right, as after an apply: keepalived adds real servers after their first check. */
  readonly patience: number;
  /** Whether warnings count as failures. */
  readonly strict?: boolean;
  readonly time?: Time;
}

/** The proof, or what is missing from it. */
export interface VerifyReport {
  readonly cluster: string;
  /** No critical finding failed, something was judged or there was nothing to judge, and it came to its end. */
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
    } while (!holds(findings, verification.hosts, strict) && patient());
  } finally {
    await verification.end();
  }
  const interrupted = isAborted(input.signal);
  return {
    cluster: input.cluster.name,
    ok: holds(findings, verification.hosts, strict) && !interrupted,
    findings,
    hosts: verification.hosts,
    vantage: input.cluster.verify.from,
    seconds: time.now() - start,
    attempts,
    interrupted,
    sight: verification.sight,
  };
}

/**
 * What is critical must not fail, and something must have been judged: what could not be looked at at all is no proof. Checks of what
 * the cluster does not have find nothing on the hosts that were looked at, and that is well.
 */
function holds(findings: readonly Finding[], hosts: readonly string[], strict: boolean): boolean {
  const isGrave = (one: Finding): boolean => isCritical(one) || (strict && isWarning(one));
  const nothingToJudge = findings.length === 0 && hosts.length > 0;
  return (nothingToJudge || findings.some(({ status }) => status !== 'unknown')) && !findings.some(isGrave);
}
