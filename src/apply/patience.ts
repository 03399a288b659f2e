/** How long something may take, in seconds. */
export interface Limits {
  /** Without a sign of life. */
  readonly silence: number;
  /** Whatever signs it gives. */
  readonly most: number;
}

/** Waits for a host that gives signs of life now and then, but neither through silence nor for ever. */
export class Patience {
  readonly #lost = new AbortController();
  readonly #timers: readonly [silence: NodeJS.Timeout, most: NodeJS.Timeout];
  #over = false;

  constructor({ silence, most }: Limits) {
    const lose = (): void => {
      this.#lost.abort();
    };
    this.#timers = [setTimeout(lose, silence * 1000), setTimeout(lose, most * 1000)];
  }

  /** Fires when it is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** There was a sign of life. */
  heard(): void {
    // A timer that was cleared would start again.
    if (!this.#over) this.#timers[0].refresh();
  }

  /** What was waited for has come: it cannot be lost any more. */
  end(): void {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
