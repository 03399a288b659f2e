import type { Section } from '../observe/frame.ts';

/** By what VRRP can be blocked on a host, the gentlest first: a table of its own, a rule in a chain of others, a filter on the NIC. */
export type Blocking = 'nft' | 'iptables' | 'tc';

/** By what things can be broken on a host. */
export interface Means {
  /** Undefined: by nothing that is there. */
  readonly blocking: Blocking | undefined;
}

/**
 * Finds out what a director has; nothing is changed. nft(8) and iptables(8) are there on hosts whose kernels know nothing of them, and
 * both ask the kernel here; tc(8) cannot be asked without a change, and says so when it is used.
 */
export const meansSection: Section = {
  name: 'drill-means',
  sh: [
    `nft -c add table inet lvsctl_drill >/dev/null 2>&1 && echo nft`,
    `iptables -w 5 -S INPUT >/dev/null 2>&1 && ip6tables -w 5 -S INPUT >/dev/null 2>&1 && echo iptables`,
    `command -v tc >/dev/null 2>&1 && echo tc`,
    ':',
  ].join('\n'),
};

/** Reads what {@link meansSection} printed. */
export function readMeans(output: string): Means {
  const words = new Set(output.split('\n'));
  return { blocking: (['nft', 'iptables', 'tc'] as const).find((one) => words.has(one)) };
}
