/** Time that runs out, but not while a person is being waited for. */
export class Deadline {
  readonly #expired: () => void;
  #left: number;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #pauses = 0;
  #over = false;

  /** @param seconds after which `expired` is called, once, unless {@link clear} comes first. */
  constructor(seconds: number, expired: () => void) {
    this.#left = seconds * 1000;
    this.#expired = expired;
    this.#start();
  }

  /** Stops the clock until a promise has settled. Pauses may overlap. */
  async pauseFor<T>(promise: Promise<T>): Promise<T> {
    if (this.#pauses++ === 0) this.#stop();
    try {
      return await promise;
    } finally {
      if (--this.#pauses === 0) this.#start();
    }
  }

  /** It will not run out any more. */
  clear(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #start(): void {
    if (this.#over) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(
      () => {
        this.clear();
        this.#expired();
      },
      Math.max(1, this.#left),
    );
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#startedAt;
  }
}
