import { LabFailure } from '../src/lab/index.ts';
import { BenchFailure } from './failure.ts';

/** Aborts when somebody wants this program to end: it takes down what it has booted first. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      interrupted.abort();
    });
  }
  return interrupted.signal;
}

/** Says why a program of the bench could not do its work; gives its exit code. Throws what only a bug can bring about. */
export function reported(error: unknown, signal: AbortSignal): number {
  if (signal.aborted) {
    console.error('interrupted; nothing was left running');
    return 130;
  }
  if (!(error instanceof BenchFailure || error instanceof LabFailure)) throw error;
  console.error(error.message);
  if (error instanceof LabFailure && error.hint !== '') console.error(error.hint);
  return 2;
}
