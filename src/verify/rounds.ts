import { randomBytes } from 'node:crypto';
import { frame, unframe, type Answer, type Section } from '../observe/frame.ts';
import { err, ok, type Result } from '../result.ts';
import type { RunFailure } from '../ssh/connection.ts';
import type { Check, CheckContext, Round } from './check.ts';
import type { RunLocal } from './local.ts';

/** Answers of a place to the sections of the checks, by section name. */
export type Answers = ReadonlyMap<string, Answer>;

/** The sections of all checks for a place in a round. */
export function sectionsFor(checks: readonly Check[], round: Round, where: string, context: CheckContext): Section[] {
  return checks.flatMap((check) => {
    const section = check.section(round, where, context);
    return section ? [{ name: sectionName(check.name), sh: section.sh }] : [];
  });
}

/** The name of a check's section among those of an observation, where kinds of resources have names as well. */
export function sectionName(check: string): string {
  return `check-${check}`;
}

/** Runs sections at a place by one script. `seconds` is for all of them together. */
export async function ask(
  run: RunLocal,
  where: string,
  sections: readonly Section[],
  seconds: number,
  signal?: AbortSignal,
): Promise<Result<Answers, RunFailure>> {
  const nonce = randomBytes(12).toString('hex');
  const finished = await run(frame(sections, nonce), { deadline: seconds, ...(signal ? { signal } : {}) });
  if (!finished.ok) return finished;
  const answers = unframe(finished.value.stdout.toString('utf8'), nonce);
  if (answers.ok) return ok(answers.value);
  return err({ reason: 'link-lost', host: where, detail: answers.error, hint: '' });
}
