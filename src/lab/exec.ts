import { spawn, type StdioOptions } from 'node:child_process';
import { constants } from 'node:os';
import { environment } from './environment.ts';
import type { Lab } from './record.ts';

/** Signals passed on to the command. The terminal sends SIGINT and SIGQUIT to it by itself. */
const passedOn: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];

/**
 * Runs a command in the operator's network of a lab and resolves to its exit code; 128 and the signal's number when a signal
 * ended it, 127 when it could not be started.
 */
export function execIn(lab: Lab, argv: readonly string[], stdio: StdioOptions = 'inherit'): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn('ip', ['netns', 'exec', lab.namespace, ...argv], {
      stdio,
      env: { ...process.env, ...environment(lab) },
    });
    const pass = (name: NodeJS.Signals): void => {
      const fromTerminal = process.stdin.isTTY && (name === 'SIGINT' || name === 'SIGQUIT');
      if (!fromTerminal) child.kill(name);
    };
    for (const name of passedOn) process.on(name, pass);
    const finish = (code: number): void => {
      for (const name of passedOn) process.off(name, pass);
      resolve(code);
    };
    child.on('error', () => {
      finish(127);
    });
    child.on('exit', (code, name) => {
      finish(code ?? 128 + (name === null ? 0 : constants.signals[name]));
    });
  });
}
