import { createHash, randomBytes, scryptSync } from 'node:crypto';
import * as z from 'zod';
import type { Cluster } from '../inventory/cluster.ts';
import type { Observation } from '../observe/observe.ts';
import { err, ok, type Result } from '../result.ts';
import { redact, secretsDigest } from '../secret.ts';
import { allSteps, type Plan } from './plan.ts';

const savedStep = z.strictObject({
  stage: z.string(),
  host: z.string(),
  resource: z.string(),
  action: z.enum(['create', 'update', 'delete', 'run']),
  summary: z.string(),
  diff: z.string().optional(),
  impact: z.enum(['none', 'reload', 'interrupt']),
  /** SHA-256 of what the step does, secrets masked. */
  digest: z.string(),
});

const savedPlan = z.strictObject({
  format: z.literal('lvsctl plan'),
  version: z.literal(1),
  cluster: z.string(),
  inventory: z.strictObject({ file: z.string(), digest: z.string() }),
  hosts: z.array(z.strictObject({ name: z.string(), observation: z.string() })),
  steps: z.array(savedStep),
  salt: z.string(),
  /** Slow, salted digest over every secret that the plan uses: tells that one has changed, and nothing about it. */
  secrets: z.string(),
});

/** A plan as it stands in a file: what would be done and what it was derived from. It holds no secret and no script. */
export type SavedPlan = z.infer<typeof savedPlan>;

/** The form of a plan for a file or for `--json`. */
export function savePlan(
  plan: Plan,
  cluster: Cluster,
  observations: ReadonlyMap<string, Observation>,
  salt: string = randomBytes(16).toString('hex'),
): SavedPlan {
  return {
    format: 'lvsctl plan',
    version: 1,
    cluster: plan.cluster,
    inventory: cluster.inventory,
    hosts: plan.hosts.map((name) => ({ name, observation: observationDigest(observations.get(name)) })),
    steps: [...allSteps(plan)].map(({ stage, host, step: { resource, action, summary, diff, impact, sh, undo } }) => ({
      stage,
      host,
      resource,
      action,
      summary: redact(summary),
      ...(diff === undefined ? {} : { diff }),
      impact,
      digest: digest([sh, undo]),
    })),
    salt,
    secrets: secretsDigest((all) => scryptSync(all, salt, 32).toString('hex')),
  };
}

/** Reads a saved plan; the error says what is wrong with it. */
export function readPlan(text: string): Result<SavedPlan, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it is not JSON: was it written by "lvsctl plan -o FILE"?');
  }
  const parsed = savedPlan.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(`it is not a plan of this version of lvsctl (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`);
}

/** Why a saved plan must not be applied any more: one line a reason, none when it would still do the same. */
export function staleness(saved: SavedPlan, now: SavedPlan): string[] {
  const reasons: string[] = [];
  if (saved.inventory.digest !== now.inventory.digest) reasons.push(`the inventory ${now.inventory.file} has changed`);
  if (saved.secrets !== now.secrets) reasons.push('a secret has changed');
  const key = (step: SavedPlan['steps'][number]): string => JSON.stringify(step);
  const [before, after] = [new Set(saved.steps.map(key)), new Set(now.steps.map(key))];
  const gone = saved.steps.filter((step) => !after.has(key(step)));
  const fresh = now.steps.filter((step) => !before.has(key(step)));
  for (const { host, resource } of fresh) {
    const known = gone.some((step) => step.host === host && step.resource === resource);
    reasons.push(`${host}: ${resource} ${known ? 'would be changed in another way' : 'would be changed as well'}`);
  }
  for (const { host, resource } of gone) {
    const known = fresh.some((step) => step.host === host && step.resource === resource);
    if (!known) reasons.push(`${host}: ${resource} needs no change any more`);
  }
  return [...new Set(reasons)];
}

/** Without the contents of files: an old password in one could be guessed from a digest over it. */
function observationDigest(observation: Observation | undefined): string {
  const states = [...(observation?.states ?? [])].map(([name, state]) => {
    const withContent = typeof state === 'object' && state !== null && 'content' in state;
    return [name, withContent ? { ...state, content: typeof state.content } : state];
  });
  return digest(states);
}

function digest(value: unknown): string {
  const text = JSON.stringify(value, (_key, one: unknown) =>
    one instanceof Map ? [...(one as Map<unknown, unknown>)] : one,
  );
  return createHash('sha256').update(redact(text)).digest('hex');
}
