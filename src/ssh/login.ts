import type { Duplex } from 'node:stream';
import ssh2, { type Client, type AuthHandlerMiddleware, type AnyAuthMethod, type ConnectConfig } from 'ssh2';
import { err, ok, type Result } from '../result.ts';
import { algorithms } from './algorithms.ts';
import { hostPort, type Problem } from './dial.ts';
import type { HostKeys, HostKeyVerdict } from './host-keys.ts';
import { KeyRing } from './key-ring.ts';
import type { KeyProblem, OfferedKey } from './keys.ts';
import { keyType } from './known-hosts.ts';
import { printableLine } from './printable.ts';
import type { Endpoint } from './target.ts';

// A CommonJS package: node finds no named exports in it.

/** A connection that answers no keepalive for this long (seconds) × {@link keepaliveCount} is lost. */
const keepaliveInterval = 5;
const keepaliveCount = 3;

/** What a login needs besides a stream to the server. */
export interface LoginContext {
  readonly hostKeys: HostKeys;
  readonly keys: readonly OfferedKey[];
  /** Keys that could not be offered. */
  readonly keyProblems: readonly KeyProblem[];
  /** Types of host keys to ask for first. */
  readonly askFor: readonly string[];
  /** Wraps the time in which a person is asked. */
  readonly waiting: <T>(answer: Promise<T>) => Promise<T>;
  /** Called when the host key is trusted and authentication begins. */
  readonly authenticating: () => void;
}

/** A login that came to an end. */
export type LoginOutcome = Result<Client, Problem | { readonly reason: 'ask-for'; readonly types: readonly string[] }>;

/** Shakes hands and logs in over a stream. Ends when the stream ends; the caller bounds the time by destroying it. */
export function login(stream: Duplex, endpoint: Endpoint, context: LoginContext): Promise<LoginOutcome> {
  const client = new ssh2.Client();
  const ring = new KeyRing(context.keys, context.waiting);
  const state: LoginState = { verdict: undefined, shown: undefined, proven: false, methods: undefined };

  return new Promise((resolve) => {
    const finish = (outcome: LoginOutcome): void => {
      resolve(outcome);
      if (!outcome.ok) client.destroy();
    };
    client.on('error', (error) => {
      // A key that could not sign is no end: the next one is tried.
      if (error.level !== 'agent') finish(err(failure(endpoint, context, ring, state, error)));
    });
    client.on('close', () => {
      finish(err(failure(endpoint, context, ring, state, undefined)));
    });
    client.on('handshake', () => {
      if (state.proven) return; // a rekey
      state.proven = true;
      const refusal = state.verdict?.kind === 'trusted' ? state.verdict.record() : undefined;
      if (refusal !== undefined) finish(err(refusal));
      else context.authenticating();
    });
    client.on('ready', () => {
      finish(ok(client));
    });
    client.connect({
      sock: stream,
      username: endpoint.user,
      algorithms: algorithms(context.askFor),
      hostVerifier: verifier(endpoint, context, state),
      authHandler: authentication(endpoint.user, ring, state),
      readyTimeout: 0, // the deadline of the whole connect counts, and it stops while the operator is asked
      keepaliveInterval: keepaliveInterval * 1000,
      keepaliveCountMax: keepaliveCount,
    });
  });
}

interface LoginState {
  verdict: HostKeyVerdict | undefined;
  /** The key that was judged. */
  shown: Buffer | undefined;
  /** The host has proven that it holds that key. */
  proven: boolean;
  /** What the server would let us log in with. */
  methods: readonly string[] | undefined;
}

function verifier(
  endpoint: Endpoint,
  context: LoginContext,
  state: LoginState,
): NonNullable<ConnectConfig['hostVerifier']> {
  return (key: Buffer, verify: (trusted: boolean) => void): void => {
    if (state.shown !== undefined) {
      verify(state.shown.equals(key)); // a rekey: the same key, or the end
      return;
    }
    state.shown = Buffer.from(key);
    const answer = (verdict: HostKeyVerdict): void => {
      state.verdict = verdict;
      verify(verdict.kind === 'trusted');
    };
    const refuse = (detail: string): void => {
      answer({ kind: 'refused', refusal: { reason: 'host-key-unknown', detail, hint: 'look at what answers there' } });
    };
    const type = keyType(state.shown);
    if (type === undefined) {
      refuse('the host shows something that is no key');
      return;
    }
    context.hostKeys
      .judge(endpoint, type, state.shown, context.askFor, context.waiting)
      .then(answer, (error: unknown) => {
        refuse(`the question about the host key failed: ${printableLine(String(error))}`);
      });
  };
}

/** Keys first; `none` when they are used up, because its refusal says what the server would accept (RFC 4252 5.2). */
function authentication(username: string, ring: KeyRing, state: LoginState): AuthHandlerMiddleware {
  const attempts: AnyAuthMethod[] = [
    { type: 'agent', username, agent: ring },
    { type: 'none', username },
  ];
  return (methods, _partial, next) => {
    const left = methods as readonly string[] | null;
    if (left !== null) state.methods = left;
    next(attempts.shift() ?? (false as unknown as AnyAuthMethod)); // false: give up; @types/ssh2 does not know it
  };
}

function failure(
  endpoint: Endpoint,
  context: LoginContext,
  ring: KeyRing,
  state: LoginState,
  error: Error | undefined,
): Problem | { readonly reason: 'ask-for'; readonly types: readonly string[] } {
  if (state.verdict?.kind === 'refused') return state.verdict.refusal;
  if (state.verdict?.kind === 'ask-for') return { reason: 'ask-for', types: state.verdict.types };
  const at = hostPort(endpoint.address, endpoint.port);
  const why = error === undefined ? 'the connection was closed' : printableLine(error.message);
  const lacking = /no matching (.+)$/.exec(why)?.[1];
  if (!state.proven && lacking !== undefined) return outdated(at, lacking);
  if (!state.proven)
    return {
      reason: 'unreachable',
      detail: `${at} did not complete the SSH handshake: ${why}`,
      hint: 'check that sshd answers there and is not overloaded (MaxStartups)',
    };
  return loginRefused(endpoint, context, ring.problems, state, at, why);
}

/** A server that offers nothing that lvsctl takes for safe: see algorithms.ts. */
function outdated(at: string, lacking: string): Problem {
  const line =
    Object.entries(sshdLines).find(([kind]) => lacking.includes(kind))?.[1] ?? 'Ciphers, MACs, KexAlgorithms';
  return {
    reason: 'unreachable',
    detail: `${at} offers only old algorithms: no matching ${lacking}`,
    hint:
      `update OpenSSH on it, and see whether its sshd_config restricts ${line}; ` +
      'docs/ssh.md lists what is taken. lvsctl does not fall back to what is broken',
  };
}

/** What in sshd_config(5) decides about each kind, as ssh2 names it. */
const sshdLines: Readonly<Record<string, string>> = {
  'key exchange': 'KexAlgorithms',
  'host key': 'HostKeyAlgorithms, or has only an old HostKey (ssh-keygen -A makes new ones)',
  cipher: 'Ciphers',
  MAC: 'MACs',
};

function loginRefused(
  endpoint: Endpoint,
  context: LoginContext,
  signing: readonly KeyProblem[],
  state: LoginState,
  at: string,
  why: string,
): Problem {
  const problem = signing[0] ?? (context.keys.length === 0 ? context.keyProblems[0] : undefined);
  if (problem !== undefined) return { reason: 'key-unreadable', detail: problem.detail, hint: problem.hint };
  const tried = context.keys.map((key) => key.label);
  const offered = tried.length === 0 ? 'there was no key to offer' : `offered: ${tried.join(', ')}`;
  const accepts =
    state.methods === undefined ? why : `the host accepts: ${printableLine(state.methods.join(', '), 100)}`;
  return {
    reason: 'login-refused',
    detail: `${at} refused the login of ${endpoint.user}; ${offered}; ${accepts}`,
    hint:
      tried.length > 5
        ? 'sshd gives up after some six keys (MaxAuthTries): name the right one (identityFile), with IdentitiesOnly yes'
        : `check the user and the key: put its public half into ~${endpoint.user}/.ssh/authorized_keys of the host (ssh-copy-id)`,
  };
}
