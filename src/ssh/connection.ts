import type { Result } from '../result.ts';

/** Why a host could not be used at all. `detail` is one line for people; `hint` says what to do about it. */
export interface ConnectFailure {
  readonly reason:
    | 'unreachable'
    | 'timeout'
    | 'host-key-unknown'
    | 'host-key-changed'
    | 'host-key-revoked'
    | 'login-refused'
    | 'key-unreadable'
    | 'sudo-refused'
    | 'aborted';
  readonly host: string;
  readonly detail: string;
  readonly hint: string;
}

/** What is waited for while a host is connected: TCP, the SSH handshake with its keys, and authentication. */
export type ConnectStep = 'tcp' | 'handshake' | 'login';

/**
 * Why a script did not come to its end. After `sudo-refused` and `no-shell` (the login shell does not run sh: nologin, a forced
 * command) nothing was run; after the others it is not known how far the script came.
 */
export interface RunFailure {
  readonly reason: 'link-lost' | 'timeout' | 'too-much-output' | 'sudo-refused' | 'no-shell' | 'aborted';
  readonly host: string;
  readonly detail: string;
  readonly hint: string;
}

/** What a script left behind. Success is code 0 and nothing else. */
export interface Finished {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: Buffer;
  /** For people: already made safe for a terminal, see printable.ts. What is in `stdout` is not. */
  readonly stderr: string;
}

/** Bounds of one {@link Connection.run}. */
export interface RunOptions {
  /** Seconds until the script is given up. Time in which the operator is asked for the sudo password does not count. */
  readonly deadline: number;
  /** Bytes of stdout and of stderr kept each; more ends the run as `too-much-output`. Default 16 MiB. */
  readonly maxOutput?: number;
  /** Called with each complete line of stdout, without its line feed, as it arrives; what is beyond 64 KiB is cut off. Raw. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** An authenticated connection to one host; scripts run as root (directly, or by sudo as the host's `become` says). */
export interface Connection {
  readonly host: string;
  /**
   * Runs a POSIX sh script in one channel. The script travels over standard input and is read to its end before any of it
   * is executed, so that a link that drops while it is sent runs nothing. Its own standard input is empty.
   */
  run(script: string, options: RunOptions): Promise<Result<Finished, RunFailure>>;
  /** Channels opened since the connection was made. */
  readonly channels: number;
  close(): void;
}
