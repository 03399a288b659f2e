import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabFailure } from './failure.ts';

/** Something the machine lacks for a lab. */
export interface Requirement {
  readonly what: string;
  /** Debian packages that would bring it; empty when a package does not help. */
  readonly packages: readonly string[];
  /** What to do when a package does not help. */
  readonly remedy: string;
}

/** The machine, as far as the lab cares; handed in so that it can be tried out. */
export interface Machine {
  readonly uid: number;
  readonly architecture: string;
  readonly platform: string;
  readonly hasTun: boolean;
  /** Whether a program is on the path. */
  has(program: string): boolean;
}

/** Programs by the package that has them. */
const programs: Readonly<Record<string, readonly string[]>> = {
  mmdebstrap: ['mmdebstrap'],
  patchelf: ['patchelf'],
  'apt-utils': ['apt-ftparchive'],
  e2fsprogs: ['mke2fs', 'debugfs'],
  iproute2: ['ip'],
  'openssh-client': ['ssh', 'ssh-keygen'],
  'util-linux': ['flock', 'unshare'],
  tar: ['tar'],
  dpkg: ['dpkg-deb'],
};

/** Everything the machine lacks for a lab, at once. */
export function missing(machine: Machine = thisMachine()): Requirement[] {
  const lacking: Requirement[] = [];
  if (machine.platform !== 'linux' || machine.architecture !== 'x64') {
    const what = `an amd64 Linux (this is ${machine.platform} on ${machine.architecture})`;
    lacking.push({ what, packages: [], remedy: 'run the lab on such a machine or in such a virtual machine' });
  }
  if (machine.uid !== 0) lacking.push({ what: 'root', packages: [], remedy: 'run the same command with sudo' });
  if (!machine.hasTun) {
    const remedy = 'modprobe tun; in a container: --device /dev/net/tun --privileged';
    lacking.push({ what: '/dev/net/tun', packages: [], remedy });
  }
  for (const [name, needed] of Object.entries(programs)) {
    const absent = needed.filter((program) => !machine.has(program));
    if (absent.length > 0) lacking.push({ what: absent.join(' and '), packages: [name], remedy: '' });
  }
  return lacking;
}

/** One message that names everything and says what mends it; undefined when nothing lacks. */
export function missingMessage(lacking: readonly Requirement[]): { message: string; hint: string } | undefined {
  if (lacking.length === 0) return undefined;
  const packages = lacking.flatMap((requirement) => requirement.packages);
  const remedies = lacking.filter((each) => each.remedy !== '').map((each) => `${each.what}: ${each.remedy}`);
  const install = packages.length === 0 ? [] : [`apt-get install ${packages.join(' ')}`];
  return {
    message: `the lab needs what this machine lacks: ${lacking.map((each) => each.what).join(', ')}`,
    hint: [...install, ...remedies].join('\n'),
  };
}

/** Throws a LabFailure that names everything the machine lacks. */
export function requireMachine(): void {
  const said = missingMessage(missing());
  if (said !== undefined) throw new LabFailure(said.message, said.hint);
}

function thisMachine(): Machine {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return {
    uid: process.getuid?.() ?? -1,
    architecture: process.arch,
    platform: process.platform,
    hasTun: existsSync('/dev/net/tun'),
    has: (program) => folders.some((folder) => executable(join(folder, program))),
  };
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
