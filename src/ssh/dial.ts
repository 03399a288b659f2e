import type { Socket } from 'node:net';
import { err, ok, type Result } from '../result.ts';
import type { ConnectFailure } from './connection.ts';
import { PacedSocket } from './paced-socket.ts';
import { printableLine } from './printable.ts';

/** A {@link ConnectFailure} before it is known which host of the inventory it is about. */
export type Problem = Omit<ConnectFailure, 'host'>;

const words: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ECONNREFUSED: {
    what: 'refused the connection',
    hint: 'the host is up, but no sshd listens there: check the port and sshd',
  },
  EHOSTUNREACH: { what: 'has no route or is down', hint: 'check that the host is up, and the way to it' },
  ENETUNREACH: {
    what: 'is in a network without a route',
    hint: 'check the routes of this machine, or set a ProxyJump',
  },
  ETIMEDOUT: { what: 'did not answer', hint: 'check that the host is up, and firewalls on the way' },
  ECONNRESET: { what: 'reset the connection', hint: 'check firewalls on the way, and the log of sshd' },
  ENOTFOUND: {
    what: 'is a name that does not resolve',
    hint: 'check the spelling, DNS and /etc/hosts, or give an address',
  },
  EAI_AGAIN: {
    what: 'is a name that could not be resolved now',
    hint: 'the DNS server does not answer: check /etc/resolv.conf',
  },
};

/** `10.0.0.1:22`, `[fd00::1]:22` */
export function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Says why there is no connection to an address. */
export function unreachable(address: string, port: number, error: unknown): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : words[code];
  const suffix = code === undefined ? printableLine(message) : code;
  return {
    reason: 'unreachable',
    detail: `${hostPort(address, port)} ${known?.what ?? 'cannot be reached'} (${suffix})`,
    hint: known?.hint ?? 'check that the host is up, and the way to it',
  };
}

/** Opens a TCP connection. The caller bounds the time: the socket is handed out at once through `started`. */
export function dial(
  address: string,
  port: number,
  started: (socket: Socket) => void,
): Promise<Result<Socket, Problem>> {
  return new Promise((resolve) => {
    const socket = new PacedSocket();
    socket.setNoDelay(true);
    // Node gives the first of several addresses 250 ms by default: less than a distant host needs.
    socket.connect({ host: address, port, autoSelectFamilyAttemptTimeout: 2000 });
    started(socket);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(ok(socket));
    });
    socket.once('error', (error) => {
      resolve(err(unreachable(address, port, error)));
    });
    socket.once('close', () => {
      resolve(err(unreachable(address, port, new Error('closed'))));
    });
  });
}
