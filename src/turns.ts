/**
 * Milliseconds after which whoever has more to do lets the timers and what else has arrived go first. A screen that is drawn anew
 * each tenth of a second does not show it, and it is some ten times what one message of a handshake takes.
 */
const slice = 10;

/** How time passes; injected, so that this is tested without waiting. */
export interface TurnClock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back in the next turn of the event loop. */
  readonly later: (call: () => void) => void;
}

const eventLoop: TurnClock = {
  now: () => performance.now(),
  later: (call) => {
    setImmediate(call);
  },
};

/**
 * Keeps the event loop from being held by one thing after the other: Node hands out all that has arrived before it looks at a
 * timer, and sixty-four handshakes are a tenth of a second. What comes when a turn of the loop has lasted long enough waits for a
 * later one, in the order in which it came.
 */
export class Turns {
  readonly #clock: TurnClock;
  readonly #waiting: (() => void)[] = [];
  /** When this turn began; undefined: nothing has been done in it yet. */
  #began: number | undefined;

  constructor(clock: TurnClock = eventLoop) {
    this.#clock = clock;
  }

  /** Whether something can be done at once: nothing waits, and this turn has time left. Time counts from the first such question. */
  get free(): boolean {
    return this.#waiting.length === 0 && this.#hasTime();
  }

  /** Calls back in a later turn, after all that waits already. */
  wait(call: () => void): void {
    this.#waiting.push(call);
    // One for each that waits: between two of them Node does what the first has promised.
    this.#clock.later(this.#next);
  }

  /** Returns at once, or in a later turn. */
  async take(): Promise<void> {
    if (!this.free)
      await new Promise<void>((resolve) => {
        this.wait(resolve);
      });
  }

  readonly #next = (): void => {
    if (this.#hasTime()) this.#waiting.shift()?.();
    else this.#clock.later(this.#next);
  };

  #hasTime(): boolean {
    const now = this.#clock.now();
    if (this.#began === undefined) {
      this.#began = now;
      this.#clock.later(() => {
        this.#began = undefined;
      });
    }
    return now - this.#began < slice;
  }
}

/** Those of the process: it has one event loop. */
export const turns = new Turns();

/** Makes something of each, one after the other, and lets others have their turn in between. */
export async function inTurns<T, R>(all: readonly T[], make: (one: T) => R, by: Turns = turns): Promise<R[]> {
  const made: R[] = [];
  for (const one of all) {
    await by.take();
    made.push(make(one));
  }
  return made;
}
