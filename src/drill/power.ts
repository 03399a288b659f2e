/** What cuts the power of a host and gives it back: the lab. */
export interface Power {
  /** Cuts it; it comes back by itself after `guard` seconds, whatever becomes of lvsctl. Throws when it cannot. */
  off(host: string, guard: number): Promise<void>;
  on(host: string): Promise<void>;
}
