import type { Event } from '../events.ts';
import { count, stepLine } from '../report/plan.ts';
import { printable } from '../ssh/printable.ts';
import { redact } from '../secret.ts';
import { plain } from './style.ts';
import type { ProgressView } from './progress.ts';

/** One line an event that matters, for logs and pipes. `verbose` adds every step. */
export function plainProgress(write: (line: string) => void, verbose: boolean): ProgressView {
  return {
    listen(event: Event): void {
      const line = describe(event, verbose);
      if (line !== undefined) write(redact(printable(line)).replaceAll('\n', ' '));
    },
    close: () => Promise.resolve(),
  };
}

function describe(event: Event, verbose: boolean): string | undefined {
  switch (event.type) {
    case 'connecting':
      return `looking at ${count(event.hosts.length, 'host')}`;
    case 'stage-started':
      return `${event.stage}: ${count(event.steps, 'step')} on ${count(event.hosts, 'host')}`;
    case 'step-started':
      return verbose ? `${event.stage}: ${event.host}: ${stepLine(event.step, plain)}` : undefined;
    case 'step-note':
      return `${event.stage}: ${event.host} ${event.text}`;
    case 'host-done':
      return `${event.stage}: ${event.host} done`;
    case 'host-failed':
      return `${event.failure.stage}: ${event.failure.host} failed`;
    case 'stage-ended':
      return event.failed.length > 0 ? `${event.stage}: failed on ${event.failed.join(', ')}` : undefined;
    case 'interrupted':
      return 'interrupted: what has begun comes to its end; again to cut the connections';
    case 'locking':
      return `lock: ${event.text}`;
    case 'draining':
      return `drain: ${event.text}`;
    case 'drilling':
      return `${event.drill}: ${event.text}`;
    case 'drilled':
      return `${event.drill}: ${event.status}`;
    case 'probing':
      return verbose ? `verify: ${event.text}` : undefined;
    case 'connected':
      return verbose ? `${event.host}: connected` : undefined;
    case 'observed':
      return verbose ? `${event.host}: observed` : undefined;
    case 'connect-failed':
    case 'observe-failed':
      // It is told in full when all hosts were looked at.
      return !verbose ? undefined : `${event.failure.host}: ${event.failure.detail}`;
    case 'connect-step':
    case 'asked':
    case 'answered':
    case 'step-done':
      return undefined;
  }
}
