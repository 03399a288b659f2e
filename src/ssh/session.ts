import { homedir, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Host } from '../inventory/cluster.ts';
import type { Result } from '../result.ts';
import { oneAtATime, type Asker } from './asker.ts';
import { Bastions } from './bastions.ts';
import { loadConfig, type SshConfig } from './config.ts';
import { connect, type ConnectContext } from './connect.ts';
import type { ConnectFailure, Connection, ConnectStep } from './connection.ts';
import { connectFleet, type FleetOptions } from './fleet.ts';
import { HostKeys, loadKnownHosts } from './host-keys.ts';
import { KeyStore } from './keys.ts';
import { SudoPassword } from './sudo.ts';
import { resolveTarget, type LocalSide } from './target.ts';

/** What the connections of one run share: files that were read once, answers that were given once, bastions. */
export interface SshContext extends ConnectContext {
  readonly config: SshConfig;
  readonly local: LocalSide;
}

/** How a run talks to the operator, and what it reads. */
export interface SshContextOptions {
  /** The operator at a terminal; none: what would be asked is refused. */
  readonly asker?: Asker | undefined;
  /** Record host keys that are not known yet (`--accept-new`). Changed and revoked keys are refused all the same. */
  readonly acceptNew: boolean;
  /** HOME, USER, SSH_AUTH_SOCK, LVSCTL_SSH_CONFIG, LVSCTL_KNOWN_HOSTS, LVSCTL_IDENTITY */
  readonly env: NodeJS.ProcessEnv;
}

/** Reads the OpenSSH configuration and the known hosts. What of them is wrong is in `config.problems`. */
export function openContext(options: SshContextOptions): SshContext {
  const { env, acceptNew } = options;
  const asker = options.asker === undefined ? undefined : oneAtATime(options.asker);
  const home = nonEmpty(env['HOME']) ?? homedir();
  const identity = nonEmpty(env['LVSCTL_IDENTITY']);
  const config = loadConfig(env, home);
  const { problems, ...knownHosts } = loadKnownHosts(env, home);
  return {
    config: { ...config, problems: [...config.problems, ...problems] },
    local: {
      home,
      user: nonEmpty(env['USER']) ?? userInfo().username,
      agent: nonEmpty(env['SSH_AUTH_SOCK']),
      identity: identity === undefined ? undefined : resolve(identity),
      env,
    },
    hostKeys: new HostKeys({ ...knownHosts, asker, acceptNew }),
    keys: new KeyStore(asker),
    bastions: new Bastions(),
    sudo: new SudoPassword(asker),
  };
}

/** Connects to one host. */
export async function connectHost(
  host: Host,
  context: SshContext,
  signal?: AbortSignal,
  onStep?: (step: ConnectStep) => void,
): Promise<Result<Connection, ConnectFailure>> {
  const target = resolveTarget(host, context.config, context.local);
  return target.ok ? connect(target.value, context, signal, onStep) : target;
}

/**
 * Connects to many hosts, a bounded number at once. The result has every host, in the order given; the caller closes the
 * connections.
 */
export function connectHosts(
  hosts: readonly Host[],
  context: SshContext,
  options: FleetOptions<Host> = {},
): Promise<Map<string, Result<Connection, ConnectFailure>>> {
  return connectFleet(hosts, (host, onStep) => connectHost(host, context, options.signal, onStep), options);
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
