import { spawn, spawnSync, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { observe, type Observation } from '../../src/observe/observe.ts';
import { makePlan, allSteps } from '../../src/plan/plan.ts';
import { applyScript, readProgress, type Progress } from '../../src/apply/script.ts';
import { finishScript } from '../../src/apply/undo.ts';
import type { Resource } from '../../src/resources/index.ts';
import type { Step } from '../../src/resources/resource.ts';
import type { DesiredHost } from '../../src/roles/index.ts';
import type { Connection } from '../../src/ssh/connection.ts';
import { ok } from '../../src/result.ts';
import { desiredOf, makeCluster } from './cluster.ts';
import { holder } from './run.ts';
import { runSh, startSh, type Ran, type Shell } from './sh.ts';

/** What doing steps came to. */
export interface Done {
  readonly code: number;
  readonly progress: readonly Progress[];
  readonly output: string;
}

const fixtures = join(import.meta.dirname, '..', 'fixtures');

/** The commands that a box has instead of the real ones. */
const commands = join(fixtures, 'commands');

/** A folder with a link for each command that BusyBox has. */
function busyboxApplets(): string {
  const applets = mkdtempSync(join(tmpdir(), 'lvsctl-busybox-'));
  const installed = spawnSync('busybox', ['--install', '-s', applets], { encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`busybox is needed: ${installed.stderr}`);
  return applets;
}

const furnish = [
  // All that is written is in memory: nothing is left when the last process is gone.
  'mount -t tmpfs box /mnt',
  'cp -a /etc /mnt/etc',
  'mount --bind /mnt/etc /etc',
  'rm -rf /etc/nginx /etc/keepalived /etc/exports.d /etc/sysctl.d /etc/modules-load.d /etc/systemd/system/lvsctl-vip.service',
  'for folder in /var /srv /run /sys/module /proc/sys; do mount -t tmpfs box $folder; done',
  'mkdir -p /var/lib /var/www /var/tmp',
  'mkdir -p /run/box/units /run/box/packages /etc/sysctl.d /etc/modules-load.d',
  ': >/etc/fstab',
  'for one in all eth0 lo; do mkdir -p /proc/sys/net/ipv4/conf/$one',
  '  for key in arp_ignore arp_announce rp_filter; do echo 0 >/proc/sys/net/ipv4/conf/$one/$key; done; done',
  'ip link set lo up',
  'ip link add eth0 type veth peer name wire && ip link set eth0 up',
  'echo ready',
  'exec cat',
].join('\n');

/**
 * A host to try things on: a shell in mount and network namespaces of its own, with files, mounts, addresses and sysctls
 * that are real to the scripts, and fake commands where a daemon or a package would be needed. Needs root, as CI has it.
 */
export class Box {
  readonly #child: ChildProcess;
  /** Runs of {@link Box.run} that came through {@link Box.connection}. */
  channels = 0;

  /** Search path for commands that are not those of the machine. */
  readonly #commands: string;
  /** Goes with the box; undefined: there is none. */
  readonly #applets: string | undefined;

  private constructor(child: ChildProcess, applets?: string) {
    this.#child = child;
    this.#applets = applets;
    // A box that looks like Alpine has apk and OpenRC, and then what BusyBox has.
    this.#commands = applets === undefined ? commands : [join(fixtures, 'alpine'), commands, applets].join(':');
  }

  /** @param like what the host looks like to the scripts. */
  static async open(like: 'debian' | 'alpine' = 'debian'): Promise<Box> {
    // It ends with its standard input, that is with this process at the latest.
    const child = spawn('unshare', ['-mn', 'sh', '-ec', furnish], { stdio: ['pipe', 'pipe', 'inherit'] });
    const box = new Box(child, like === 'alpine' ? busyboxApplets() : undefined);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    if (!first.toString().includes('ready')) throw new Error('the box cannot be furnished');
    return box;
  }

  /** Runs a script as a connection does, with its output as text. */
  run(script: string, shell: Shell = 'dash'): Ran {
    return runSh(script, shell, this.#surroundings);
  }

  /** Starts a script that goes on while the test does. */
  start(script: string, shell: Shell = 'dash'): ChildProcessWithoutNullStreams {
    return startSh(script, shell, this.#surroundings);
  }

  get #surroundings() {
    return { commands: this.#commands, within: this.entrance };
  }

  /** A command that runs another one in the box. */
  get entrance(): readonly string[] {
    return ['nsenter', '-t', String(this.#child.pid), '-m', '-n'];
  }

  /** Lets a login find the commands of folders, the last ones first, then the box's own: it has a search path of its own. */
  installCommands(...folders: readonly string[]): void {
    const copies = [...this.#commands.split(':').reverse(), ...folders].map(
      (folder) => `cp -a '${folder}'/. /run/box/bin`,
    );
    this.must(['mkdir /run/box/bin', ...copies, 'mount --bind /run/box/bin /usr/local/sbin'].join('\n'));
  }

  /** Runs what a test prepares; it must succeed. */
  must(script: string): string {
    const ran = this.run(`set -e\n${script}`);
    if (ran.code !== 0) throw new Error(`exit code ${ran.code}: ${ran.stderr}\n${script}`);
    return ran.stdout;
  }

  /** The box as a host that one is logged in to. */
  connection(host: string, shell: Shell = 'dash'): Connection {
    const channels = (): number => this.channels;
    return {
      host,
      get channels() {
        return channels();
      },
      run: (script, { onLine }) => {
        this.channels += 1;
        const { code, stdout, stderr } = this.run(script, shell);
        if (onLine) for (const line of stdout.split('\n').slice(0, -1)) onLine(line);
        return Promise.resolve(ok({ code, signal: undefined, stdout: Buffer.from(stdout), stderr }));
      },
      close: () => undefined,
    };
  }

  /** How the box is found. */
  async look(desired: DesiredHost, shell: Shell = 'dash'): Promise<Observation> {
    const result = await observe(this.connection(desired.host.name, shell), desired);
    if (!result.ok) throw new Error(`${result.error.detail} ${result.error.hint}`);
    return result.value;
  }

  /** What would be done to bring the given resources about, or to make the host just as it is desired. */
  async steps(wished: readonly Resource[] | DesiredHost, shell: Shell = 'dash'): Promise<Step[]> {
    const whole = 'host' in wished;
    const desired = whole ? wished : desiredOf(wished);
    const seen = await this.look(desired, shell);
    const observation = whole ? seen : { ...seen, leftovers: [] };
    const plan = makePlan(makeCluster(), [desired], new Map([[desired.host.name, observation]]));
    return [...allSteps(plan)].map(({ step }) => step);
  }

  /** Does steps as an apply of one stage does them. */
  do(steps: readonly Step[], shell: Shell = 'dash'): Done {
    const done = this.begin(steps, shell);
    this.run(finishScript(holder.run), shell);
    return done;
  }

  /** Does one stage of a run that is not over with it. */
  begin(steps: readonly Step[], shell: Shell = 'dash', position = 0, confirmWithin?: number): Done {
    const nonce = 'f00dfacef00dfacef00dface';
    const { code, stdout, stderr } = this.run(
      applyScript(steps, nonce, { holder, stage: 'base', position, confirmWithin }),
      shell,
    );
    const lines = stdout.split('\n');
    const progress = lines.flatMap((line) => readProgress(line, nonce) ?? []);
    const output = lines.filter((line) => line !== '' && readProgress(line, nonce) === undefined).join('\n');
    return { code, progress, output: `${output}${stderr}` };
  }

  /** Everything that an undo has to put back about what is below a folder. */
  snapshot(folder: string): string {
    return this.must(
      [
        `find '${folder}' -mindepth 1 -printf '%p %y %m %u:%g %T@ %l\\n' | sort`,
        `find '${folder}' -type f -exec sha256sum {} + | sort`,
      ].join('\n'),
    );
  }

  /** What the fake commands did since this was asked last. */
  did(): string[] {
    return this.must('cat /run/box/did 2>/dev/null || :; rm -f /run/box/did').split('\n').filter(Boolean);
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    if (this.#applets !== undefined) rmSync(this.#applets, { recursive: true });
  }
}
