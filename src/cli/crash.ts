import { redact } from '../secret.ts';

/** What a user is told of a failure that nobody foresaw: one line, and where to find more. */
export function crash(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const more =
    process.env['LVSCTL_DEBUG'] !== undefined && error instanceof Error
      ? (error.stack ?? '')
      : 'LVSCTL_DEBUG=1 shows where it happened; please report it.';
  return redact(`lvsctl: this should not have happened: ${message}\n${more}`);
}
