/** How a host's process ended: what the host meant by it. */
export type Fate = 'rebooted' | 'powered-off' | 'crashed';

/** What is known of a process that ended. */
export interface Ending {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  /** What it wrote to its console since it was started (its end suffices). */
  readonly console: string;
}

/**
 * Tells a reboot from a power-off. The process ends in the same way for both, but the kernel says which it is at emergency
 * level, whoever asked for it (kernel/reboot.c); only an emergency restart (sysrq b) says nothing and ends with code 0.
 */
export function fateOf(ending: Ending): Fate {
  const last = [...ending.console.matchAll(/reboot: (Restarting system|Power down|System halted)/g)].at(-1)?.[1];
  if (last !== undefined) return last === 'Restarting system' ? 'rebooted' : 'powered-off';
  return ending.code === 0 ? 'rebooted' : 'crashed';
}
