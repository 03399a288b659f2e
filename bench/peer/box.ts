import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../../src/lab/index.ts';
import { BenchFailure } from '../failure.ts';

/** A place in which Ansible runs: its own root, in the operator's network of a lab. */
export interface Box {
  /** The command line that runs a command in the box, in the playbook's folder. */
  command(argv: readonly string[], environment?: Readonly<Record<string, string>>): string[];
  /** Ends everything that runs in the box, and the box. */
  close(): Promise<void>;
}

/** Where the playbook and the lab's key lie in the box. */
const playbookFolder = '/run/bench/playbook';
const keyFile = '/run/bench/key';

/** The playbook, taken over from its author; see bench/README.md for what was changed. */
const playbook = fileURLToPath(new URL('../ansible/', import.meta.url));

/**
 * Makes a box on a root, which stays as it is: what is written goes into memory. The box has mounts and process numbers of its
 * own, and lives as long as its first process, which waits for the end of its standard input: with this process it ends too,
 * and with it everything that Ansible left running, its persistent ssh connections above all.
 */
export async function openBox(lab: Lab, root: string): Promise<Box> {
  const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child'];
  const values = [root, playbook, lab.layout.key];
  const child = spawn('ip', ['netns', 'exec', lab.namespace, ...unshare, 'sh', '-euc', furnish, 'sh', ...values], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  await ready(child);
  const { pid } = child;
  const enter = [
    ...['nsenter', `--target=${pid}`, '--mount', '--net', `--pid=/proc/${pid}/ns/pid_for_children`],
    ...['chroot', root, 'env', '-i', '-C', playbookFolder],
  ];
  return {
    command(argv, environment = {}) {
      const settings = { ...base, ...environment };
      return [...enter, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...argv];
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

const base = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  HOME: '/root',
  LC_ALL: 'C.UTF-8',
  ANSIBLE_CONFIG: `${playbookFolder}/ansible.cfg`,
  ANSIBLE_NOCOLOR: '1',
  LAB_KEY: keyFile,
};

const furnish = `
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
for folder in tmp var/tmp run; do mount -t tmpfs tmpfs "$root/$folder"; done
mount -t tmpfs -o mode=0700 tmpfs "$root/root"
mkdir -p "$root${playbookFolder}"
cp -a "$2/." "$root${playbookFolder}"
install -m 0600 "$3" "$root${keyFile}"
echo ready
exec cat
`;

async function ready(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => {
      resolve();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new BenchFailure(`the root of Ansible could not be entered (exit code ${code ?? 'none'})`));
    });
  });
}
