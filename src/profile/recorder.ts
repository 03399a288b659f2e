import type { Event } from '../events.ts';

/**
 * What a run does by itself, one after the other: `start` until the command's own code runs (Node and the program's files),
 * `inventory` read, checked and resolved, `hosts` connected and observed, and meanwhile what is wished of each derived, `diff` of
 * wishes and observations, `render` of the plan, `close` of the connections.
 */
export type RunPhase = 'start' | 'inventory' | 'hosts' | 'diff' | 'render' | 'close';

/**
 * What a run waits for on a host: `queue` until it is its turn, `tcp`, `handshake`, `login`, `observe` from a script that is sent
 * to the last byte of its answer, `read` of that answer, the only one that is lvsctl's own.
 */
export type HostPhase = 'queue' | 'tcp' | 'handshake' | 'login' | 'observe' | 'read';

/** A stretch of time in which one thing was done. */
export type Span = {
  /** Milliseconds since the process began. */
  readonly from: number;
  readonly to: number;
} & ({ readonly host: undefined; readonly phase: RunPhase } | { readonly host: string; readonly phase: HostPhase });

/** Takes down when what began and ended. */
export class Recorder {
  readonly #now: () => number;
  readonly #spans: Span[] = [];
  readonly #hosts = new Map<string, { readonly phase: HostPhase; readonly from: number }>();
  #phase: RunPhase = 'start';
  #since = 0;

  /** @param now milliseconds since the process began. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Ends what the run does and begins something else. */
  enter(phase: RunPhase): void {
    this.#endPhase(this.#now());
    this.#phase = phase;
  }

  /** Takes an event in; those that say nothing about how far a host is are passed over. */
  readonly listen = (event: Event): void => {
    switch (event.type) {
      case 'connecting':
        for (const host of event.hosts) this.#enterOn(host, 'queue');
        break;
      case 'connect-step':
        this.#enterOn(event.host, event.step);
        break;
      case 'asked':
        this.#enterOn(event.host, 'observe');
        break;
      case 'answered':
        this.#enterOn(event.host, 'read');
        break;
      case 'connected':
      case 'observed':
        this.#endOn(event.host);
        break;
      case 'connect-failed':
      case 'observe-failed':
        this.#endOn(event.failure.host);
        break;
      default:
    }
  };

  /** Ends all that is under way; what was taken down, in the order in which it ended. */
  finish(): readonly Span[] {
    for (const host of [...this.#hosts.keys()]) this.#endOn(host);
    this.#endPhase(this.#now());
    return this.#spans;
  }

  #endPhase(to: number): void {
    this.#spans.push({ host: undefined, phase: this.#phase, from: this.#since, to });
    this.#since = to;
  }

  #enterOn(host: string, phase: HostPhase): void {
    this.#endOn(host);
    this.#hosts.set(host, { phase, from: this.#now() });
  }

  #endOn(host: string): void {
    const under = this.#hosts.get(host);
    if (under === undefined) return;
    this.#hosts.delete(host);
    this.#spans.push({ host, ...under, to: this.#now() });
  }
}
