import type { Duplex } from 'node:stream';
import { err, ok, type Result } from '../result.ts';
import type { Bastions } from './bastions.ts';
import type { ConnectFailure, Connection, ConnectStep } from './connection.ts';
import { Deadline } from './deadline.ts';
import { dial, hostPort, type Problem } from './dial.ts';
import type { HostKeys } from './host-keys.ts';
import { keysFor, type KeyStore, type OfferedKey, type KeyProblem } from './keys.ts';
import { Link } from './link.ts';
import { login } from './login.ts';
import { ShellConnection } from './shell-connection.ts';
import type { SudoPassword } from './sudo.ts';
import type { Endpoint, Target } from './target.ts';

/** What all connections of a run share. */
export interface ConnectContext {
  readonly hostKeys: HostKeys;
  readonly keys: KeyStore;
  readonly bastions: Bastions;
  readonly sudo: SudoPassword;
}

/**
 * Connects and logs in to a host, through its bastions. The deadline of the target is for the whole: TCP, handshake and login;
 * time in which the operator is asked, or the host waits for its turn at a bastion, does not count.
 *
 * @param onStep is told how far it is: of the host itself, not of its bastions.
 */
export async function connect(
  target: Target,
  context: ConnectContext,
  signal?: AbortSignal,
  onStep: OnStep = () => undefined,
): Promise<Result<Connection, ConnectFailure>> {
  const link = await openLink(target, target.jumps, context, { signal, onStep });
  if (!link.ok) return err({ ...link.error, host: target.name });
  return ok(new ShellConnection(target, link.value, context.sudo));
}

type OnStep = (step: ConnectStep) => void;

/** Who ends an attempt, and who hears of it. */
interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly onStep: OnStep;
}

async function openLink(
  endpoint: Endpoint,
  jumps: readonly Endpoint[],
  context: ConnectContext,
  watch: Watch,
): Promise<Result<Link, Problem>> {
  const keys = await keysFor(context.keys, endpoint);
  if (!keys.ok) return err({ reason: 'key-unreadable', detail: keys.error.detail, hint: keys.error.hint });
  const bastion = jumps.at(-1);
  if (bastion === undefined) {
    const open: OpenStream = (started) => dial(endpoint.address, endpoint.port, started);
    return establish(endpoint, keys.value, open, context, watch);
  }
  // No signal here: the connection is shared, and one host that is given up must not take it from the others.
  const acquiring = context.bastions.acquire(jumps, () => openLink(bastion, jumps.slice(0, -1), context, unwatched));
  const via = await unlessAborted(acquiring, watch.signal, (late) => {
    late.release();
  });
  if (!via.ok && via.error === aborted) return via;
  if (!via.ok) return err({ ...via.error, detail: inFront(`bastion ${bastion.name}: `, via.error.detail) });
  const open: OpenStream = async (started) => {
    const stream = await via.value.link.forward(endpoint.address, endpoint.port);
    if (stream.ok) started(stream.value);
    return stream;
  };
  const link = await via.value.limit(() => establish(endpoint, keys.value, open, context, watch));
  if (link.ok) link.value.onClose(via.value.release);
  else via.value.release();
  return link;
}

const unwatched: Watch = { signal: undefined, onStep: () => undefined };

/** Waits no longer than until `signal`; what comes later is handed to `tooLate`. */
async function unlessAborted<T>(
  waiting: Promise<Result<T, Problem>>,
  signal: AbortSignal | undefined,
  tooLate: (value: T) => void,
): Promise<Result<T, Problem>> {
  if (signal === undefined) return waiting;
  let abort = (): void => undefined;
  const aborting = new Promise<Result<T, Problem>>((resolve) => {
    abort = () => {
      resolve(err(aborted));
    };
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const result = await Promise.race([aborting, waiting]);
  signal.removeEventListener('abort', abort);
  if (!result.ok && result.error === aborted)
    void waiting.then((late) => {
      if (late.ok) tooLate(late.value);
    });
  return result;
}

const aborted: Problem = { reason: 'aborted', detail: 'connecting was stopped', hint: 'run it again' };

/** Opens a stream to the server, and hands it to `started` as soon as there is something to destroy. */
type OpenStream = (started: (stream: Duplex) => void) => Promise<Result<Duplex, Problem>>;

interface Keys {
  readonly keys: readonly OfferedKey[];
  readonly problems: readonly KeyProblem[];
}

async function establish(
  endpoint: Endpoint,
  { keys, problems }: Keys,
  open: OpenStream,
  context: ConnectContext,
  watch: Watch,
): Promise<Result<Link, Problem>> {
  const attempt = new Attempt(endpoint, watch);
  const steps = async (): Promise<Result<Link, Problem>> => {
    let askFor: readonly string[] = [];
    for (;;) {
      attempt.reach('tcp');
      const stream = await open(attempt.started);
      if (!stream.ok) return stream;
      attempt.reach('handshake');
      const client = await login(stream.value, endpoint, {
        hostKeys: context.hostKeys,
        keys,
        keyProblems: problems,
        askFor,
        waiting: attempt.waiting,
        authenticating: () => {
          attempt.reach('login');
        },
      });
      if (client.ok) return ok(attempt.own(new Link(client.value)));
      if (client.error.reason !== 'ask-for') return err(client.error);
      askFor = client.error.types; // once: a host that still shows another type is refused
    }
  };
  const result = await Promise.race([attempt.givenUp, steps()]);
  attempt.end();
  return result;
}

/** One connect under way: how far it is, and what ends it early. */
class Attempt {
  readonly givenUp: Promise<Result<never, Problem>>;
  readonly #deadline: Deadline;
  readonly #unsubscribe: () => void;
  readonly #onStep: OnStep;
  #step: ConnectStep = 'tcp';
  #stream: Duplex | undefined;
  #over = false;

  constructor(endpoint: Endpoint, { signal, onStep }: Watch) {
    this.#onStep = onStep;
    let resolve: ((result: Result<never, Problem>) => void) | undefined;
    this.givenUp = new Promise((settle) => (resolve = settle));
    const giveUp = (problem: Problem): void => {
      resolve?.(err(problem));
      this.#over = true;
      this.#stream?.destroy();
    };
    this.#deadline = new Deadline(endpoint.connectTimeout, () => {
      giveUp(timedOut(endpoint, this.#step));
    });
    const abort = (): void => {
      giveUp(aborted);
    };
    this.#unsubscribe = () => signal?.removeEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  }

  reach(step: ConnectStep): void {
    this.#step = step;
    this.#onStep(step);
  }

  readonly started = (stream: Duplex): void => {
    this.#stream = stream;
    if (this.#over) stream.destroy();
  };

  readonly waiting = <T>(answer: Promise<T>): Promise<T> => this.#deadline.pauseFor(answer);

  /** A login that succeeds after it was given up is nobody's: it ends at once. */
  own(link: Link): Link {
    if (this.#over) link.close();
    return link;
  }

  end(): void {
    this.#deadline.clear();
    this.#unsubscribe();
  }
}

function timedOut(endpoint: Endpoint, step: ConnectStep): Problem {
  const at = hostPort(endpoint.address, endpoint.port);
  const seconds = `within ${endpoint.connectTimeout} s`;
  switch (step) {
    case 'tcp':
      return {
        reason: 'timeout',
        detail: `${at} did not accept a TCP connection ${seconds}`,
        hint: 'check that the host is up, and firewalls on the way; a distant host may need a longer connectTimeout',
      };
    case 'handshake':
      return {
        reason: 'timeout',
        detail: `${at} accepted the connection but did not finish the SSH handshake ${seconds}`,
        hint: 'check that sshd answers on that port, and the load of the host',
      };
    case 'login':
      return {
        reason: 'timeout',
        detail: `${at} did not finish authentication as ${endpoint.user} ${seconds}`,
        hint: 'look at the log of sshd: a slow PAM module, directory service or reverse DNS (UseDNS) holds it up',
      };
  }
}

function inFront(prefix: string, detail: string): string {
  return detail.startsWith('bastion ') ? detail : `${prefix}${detail}`;
}
