import type { Finding } from './check.ts';

/** Whether something failed that somebody should look at. */
export function isWarning({ status, severity }: Finding): boolean {
  return status === 'failed' && severity === 'warning';
}

/** Whether something failed that makes the whole fail; a finding without a severity is critical. */
export function isCritical({ status, severity = 'critical' }: Finding): boolean {
  return status === 'failed' && severity === 'critical';
}
