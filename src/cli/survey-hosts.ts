import type { Section } from '../observe/frame.ts';
import { survey, type Survey, type SurveyOptions as Beforehand } from '../observe/survey.ts';
import { err, ok, type Result } from '../result.ts';
import type { DesiredHost } from '../roles/index.ts';
import { exit } from './context.ts';
import { reportTroubles, type House } from './house.ts';

/** What a command adds to {@link surveyHosts}. */
export interface SurveyOptions {
  /** What every host is asked besides. */
  readonly extra?: readonly Section[];
  /** Said after the reasons when not all hosts can be dealt with. */
  readonly refusal?: string;
  /** Whether to go on where what is wished cannot be had of a host: see plan/preflight.ts. */
  readonly despiteProblems?: boolean;
  /** What is done before the hosts are observed; see survey. After false nothing more is said. */
  readonly before?: Beforehand['before'];
}

/**
 * Observes hosts before something is done on all of them. The error is the exit code that follows, after saying which hosts
 * cannot be dealt with and why, or without a word when it was interrupted.
 */
export async function surveyHosts(
  { out, progress, connect, stop }: House,
  desired: readonly DesiredHost[],
  { extra = [], refusal, despiteProblems = false, before }: SurveyOptions = {},
): Promise<Result<Survey, number>> {
  const found = await survey(desired, connect, progress.listen, {
    extra: () => extra,
    signal: stop,
    ...(before ? { before } : {}),
  });
  await progress.close();
  if (stop.aborted) return err(exit.interrupted);
  const trouble = reportTroubles(despiteProblems ? { ...found, problems: [] } : found, out);
  if (trouble === undefined) return ok(found);
  if (refusal !== undefined) out.error(refusal);
  return err(trouble);
}
