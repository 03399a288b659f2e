import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a lab keeps what, and what its parts are called; all of it follows from its state folder. */
export interface Layout {
  readonly folder: string;
  /** Network namespace, as in `ip netns`. */
  readonly namespace: string;
  /** Sockets only: their paths may have some 100 characters. */
  readonly run: string;
  readonly control: string;
  readonly umlFolder: string;
  readonly lock: string;
  readonly record: string;
  readonly supervisorMark: string;
  readonly supervisorLog: string;
  readonly key: string;
  readonly knownHosts: string;
  readonly sshConfig: string;
  /** On the path inside the lab: lvsctl itself. */
  readonly programs: string;
}

/** Files of one host. */
export interface HostLayout {
  readonly folder: string;
  readonly disk: string;
  readonly seed: string;
  readonly console: string;
  readonly mark: string;
  /** Exists while the host is meant to be off. */
  readonly off: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The state folder for a working folder: `$LVSCTL_LAB` (set inside `lab exec`), else one of its own under the user's state. */
export function defaultFolder(workingFolder: string, environment: Environment): string {
  const inside = environment['LVSCTL_LAB'];
  if (inside !== undefined && inside !== '') return resolve(inside);
  const state = nonEmpty(environment['XDG_STATE_HOME']) ?? join(homedir(), '.local', 'state');
  return join(state, 'lvsctl', 'labs', digest(resolve(workingFolder), 12));
}

/** Where images are cached: `$LVSCTL_LAB_CACHE`, else under the user's cache. */
export function cacheFolder(environment: Environment): string {
  const chosen = nonEmpty(environment['LVSCTL_LAB_CACHE']);
  if (chosen !== undefined) return resolve(chosen);
  return join(nonEmpty(environment['XDG_CACHE_HOME']) ?? join(homedir(), '.cache'), 'lvsctl', 'lab');
}

/** The layout of the lab in a state folder. */
export function layout(stateFolder: string): Layout {
  const folder = resolve(stateFolder);
  const short = digest(folder, 8);
  const run = `/run/lvsctl-lab/${short}`;
  return {
    folder,
    namespace: `lvslab-${short}`,
    run,
    control: join(run, 'control'),
    umlFolder: join(run, 'uml'),
    lock: `${run}.lock`,
    record: join(folder, 'lab.json'),
    supervisorMark: join(folder, 'supervisor.pid'),
    supervisorLog: join(folder, 'supervisor.log'),
    key: join(folder, 'id'),
    knownHosts: join(folder, 'known_hosts'),
    sshConfig: join(folder, 'ssh_config'),
    programs: join(folder, 'bin'),
  };
}

/** The files of a host of a lab. */
export function hostLayout(lab: Layout, host: string): HostLayout {
  const folder = join(lab.folder, 'hosts', host);
  return {
    folder,
    disk: join(folder, 'disk.cow'),
    seed: join(folder, 'seed.tar'),
    console: join(folder, 'console.log'),
    mark: join(folder, 'pid'),
    off: join(folder, 'off'),
  };
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
