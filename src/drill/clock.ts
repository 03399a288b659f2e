/**
 * Brings the times of one host to the operator's clock. Lines of a host are sent as they are printed, so that the one that took least
 * tells how the clocks differ, up to the time that the network needs at its fastest; the host's own clock need not be right.
 */
export class HostClock {
  #offset = Number.POSITIVE_INFINITY;

  /** A line that the host printed at `uptime` (seconds) came in at `arrival` (milliseconds of the operator's clock). */
  heard(uptime: number, arrival: number): void {
    this.#offset = Math.min(this.#offset, arrival - uptime * 1000);
  }

  /** Whether any line came in. */
  get known(): boolean {
    return Number.isFinite(this.#offset);
  }

  /** The operator's clock in milliseconds, when the host's uptime was so many seconds. The host must have been heard. */
  at(uptime: number): number {
    if (!this.known) throw new Error('the clock of a host that was never heard is not known');
    return uptime * 1000 + this.#offset;
  }
}
