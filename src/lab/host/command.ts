import type { Tap } from '../topology.ts';

/** What a host is started with. */
export interface HostStart {
  readonly name: string;
  readonly kernel: string;
  /** Copy-on-write file and the image under it. */
  readonly disk: string;
  readonly base: string;
  readonly seed: string;
  readonly umlFolder: string;
  /** MiB. */
  readonly memory: number;
  /** Its NICs in the order of the inventory. */
  readonly taps: readonly Tap[];
}

/** The command line of a host's kernel. Its console is the standard output. */
export function hostCommand(start: HostStart): readonly string[] {
  return [
    start.kernel,
    // Guest processes are kept in check by seccomp instead of ptrace: clearly faster, and the image is our own.
    'seccomp=on',
    `mem=${start.memory}M`,
    `umid=${start.name}`,
    `uml_dir=${start.umlFolder}/`,
    `ubd0=${start.disk},${start.base}`,
    `ubd1r=${start.seed}`,
    'root=/dev/ubda',
    'rw',
    ...start.taps.map((tap, index) => `vec${index}:transport=tap,ifname=${tap.name},depth=128,gro=1,mac=${tap.mac}`),
    'con0=null,fd:1',
    'con=null',
    'ssl=null',
    'quiet',
    'selinux=0',
    'net.ifnames=0',
    // A kernel that executes itself again finds its tap still open and loses its network: the supervisor starts it anew.
    'noreboot',
    'init=/usr/local/lib/lab/init',
  ];
}
