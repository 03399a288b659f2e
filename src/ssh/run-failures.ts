import type { RunFailure } from './connection.ts';
import type { NoPassword } from './sudo.ts';

/** A {@link RunFailure} before the host's name is put to it. Whatever a host said comes in here printable and redacted. */
export type RunProblem = Omit<RunFailure, 'host'>;

/** The deadline passed. */
export function tooLate(seconds: number, sent: boolean): RunProblem {
  return sent
    ? {
        reason: 'timeout',
        detail: `the script did not end within ${seconds} s`,
        hint: 'it was asked to end (SIGTERM), but may still be running: look on the host (ps) before you run it again',
      }
    : {
        reason: 'timeout',
        detail: `no shell was ready within ${seconds} s`,
        hint: 'nothing was run: check the load of the host, and its PAM and sudo',
      };
}

/** The run was aborted. */
export function stopped(): RunProblem {
  return { reason: 'aborted', detail: 'the script was stopped', hint: 'what it had done by then stays done' };
}

/** More output than may be kept. */
export function tooMuchOutput(limit: number): RunProblem {
  return {
    reason: 'too-much-output',
    detail: `the script wrote more than ${limit} bytes`,
    hint: 'look at what floods its output on the host',
  };
}

/** The connection, or only the channel (`over` false), ended before the script did. */
export function linkLost(over: boolean, sent: boolean, cause: string | undefined): RunProblem {
  const what = over ? 'the connection was lost' : 'the host closed the channel';
  const when = sent ? 'while the script ran' : 'before the script was sent';
  return {
    reason: 'link-lost',
    detail: `${what} ${when}${cause === undefined ? '' : ` (${cause})`}`,
    hint: sent ? 'it is not known how far the script came: run the same again' : 'nothing was run: run the same again',
  };
}

/** The login shell came to its end without having run sh. */
export function noShell(user: string, said: string): RunProblem {
  return {
    reason: 'no-shell',
    detail: `the login shell of ${user} did not run sh; it said “${said}”`,
    hint: `give ${user} a login shell and no forced command`,
  };
}

/** sudo came to its end without having run sh. */
export function sudoFailed(user: string, said: string, canAsk: boolean): RunProblem {
  const hint = canAsk ? '' : ', or run lvsctl on a terminal, which can ask for a password';
  return refused(`sudo did not let ${user} become root; it said “${said}”`, `check sudoers for ${user}${hint}`);
}

/** sudo asked again. */
export function wrongPassword(user: string): RunProblem {
  return refused(`sudo refused the password of ${user}`, 'run it again with the right password');
}

/** sudo asked, and there is nothing to answer. */
export function noPassword(why: NoPassword): RunProblem {
  switch (why.reason) {
    case 'not-given':
      return refused(
        'sudo wants a password, which was not given',
        'run it again and give it, or allow it without (NOPASSWD)',
      );
    case 'refused-elsewhere':
      return refused(
        `sudo wants a password, and ${why.by} refused the one that was given: it was not tried here`,
        'run it again with the right password',
      );
  }
}

function refused(detail: string, hint: string): RunProblem {
  return { reason: 'sudo-refused', detail, hint };
}
