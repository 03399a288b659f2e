import type { HealthCheck } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

type WrittenCheck = NonNullable<NonNullable<Written['services']>[string]['check']>;

/** A health check with its defaults. */
export function resolveCheck(check: WrittenCheck, path: Path, context: Context): HealthCheck {
  if (check.http !== undefined && check.tcp !== undefined) {
    context.report('check-kind', [...path, 'tcp'], 'a check is either http or tcp, not both');
  }
  if (check.http === undefined && check.status !== undefined) {
    context.report(
      'check-kind',
      [...path, 'status'],
      'a status without http',
      'add http: /path, or take the status out',
    );
  }
  return {
    kind: check.http === undefined ? { type: 'tcp' } : { type: 'http', path: check.http, status: check.status ?? 200 },
    interval: check.interval ?? 2,
    timeout: check.timeout ?? 2,
    retries: check.retries ?? 1,
    retryDelay: check.retryDelay ?? 1,
  };
}
