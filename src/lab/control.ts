import { connect } from 'node:net';
import { LabFailure } from './failure.ts';

/** What a supervisor can be asked for. */
export type ControlRequest =
  | { readonly ask: 'status' }
  /** Whether each running host answers on its ssh port now. */
  | { readonly ask: 'probe' }
  | { readonly ask: 'poweron' | 'poweroff'; readonly host: string };

/** How a host is, as its supervisor knows it. */
export interface SupervisedHost {
  readonly name: string;
  /** `booting` until its sshd greets for the first time since it was started. */
  readonly power: 'booting' | 'up' | 'off' | 'crashed';
  readonly pid: number | undefined;
  /** Times it was started, reboots included. */
  readonly boots: number;
  /** Seconds from the last start to sshd's greeting. */
  readonly bootSeconds: number | undefined;
  /** In answers to `probe`: whether sshd greeted just now. */
  readonly answers?: boolean;
}

/** A supervisor's answer, one JSON line. */
export type ControlAnswer =
  { readonly ok: true; readonly hosts: readonly SupervisedHost[] } | { readonly ok: false; readonly error: string };

/** Asks the supervisor behind a socket. Undefined when nobody listens there. Throws a LabFailure when it refuses. */
export async function ask(socket: string, request: ControlRequest): Promise<readonly SupervisedHost[] | undefined> {
  const line = await exchange(socket, `${JSON.stringify(request)}\n`);
  if (line === undefined) return undefined;
  const answer = JSON.parse(line) as ControlAnswer;
  if (answer.ok) return answer.hosts;
  throw new LabFailure(answer.error);
}

function exchange(path: string, line: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let received = '';
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on('connect', () => socket.write(line));
    socket.on('data', (data) => (received += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(received.endsWith('\n') ? received : undefined);
    });
  });
}
