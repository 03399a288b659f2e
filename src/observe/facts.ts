import type { Section } from './frame.ts';

/** What is true of a host whatever is wished of it. */
export interface Facts {
  /** Effective user id; 0 is needed. */
  readonly uid: number;
  /** `uname -r`. */
  readonly kernel: string;
  /** os-release(5) ID, ID_LIKE and VERSION_ID. */
  readonly system: { readonly id: string; readonly like: readonly string[]; readonly version: string };
  readonly addresses: readonly { readonly interface: string; readonly address: string; readonly prefix: number }[];
}

/** Reads the facts: by the shell itself but for the addresses. */
export const factsSection: Section = {
  name: 'facts',
  sh: [
    // The second is the effective one, proc_pid_status(5).
    'while read -r key _ uid _; do [ "$key" != Uid: ] || { echo "uid $uid"; break; }; done </proc/self/status',
    // `Linux version RELEASE (…`, proc_version(5).
    'read -r _ _ release _ </proc/version; echo "kernel $release"',
    `[ ! -r /etc/os-release ] || ( . /etc/os-release; echo "system $ID|\${ID_LIKE-}|\${VERSION_ID-}" )`,
    'ip -o addr show',
  ].join('\n'),
};

/** Parses what {@link factsSection} printed. What is missing is empty, or -1 for the user id. */
export function readFacts(output: string): Facts {
  const line = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(output)?.[1] ?? '';
  const [id = '', like = '', version = ''] = line('system').split('|');
  const addresses = [
    ...output.matchAll(/^\d+:\s+([^\s@]+)\S*\s+inet6?\s+([0-9a-f.:]+)(?: peer [0-9a-f.:]+)?\/(\d+)/gm),
  ].map(([, name = '', address = '', prefix = '0']) => ({ interface: name, address, prefix: Number(prefix) }));
  const uid = line('uid');
  return {
    uid: /^\d+$/.test(uid) ? Number(uid) : -1,
    kernel: line('kernel'),
    system: { id, like: like.split(' ').filter(Boolean), version },
    addresses,
  };
}
