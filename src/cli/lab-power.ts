import { spawn, type ChildProcess } from 'node:child_process';
import type { Power } from '../drill/power.ts';
import { isInside } from '../lab/namespace.ts';
import { openLab, type Lab } from '../lab/record.ts';

/**
 * The lab that this runs in; undefined: the hosts are real ones. That a variable names a lab is not enough, since it may be left over:
 * this process has to be in the lab's network namespace, from which no other host can be reached.
 */
export function labAround(env: NodeJS.ProcessEnv): Lab | undefined {
  const folder = env['LVSCTL_LAB'];
  const lab = folder === undefined || folder === '' ? undefined : openLab(folder);
  return lab && isInside(lab.namespace) ? lab : undefined;
}

/**
 * The power of a lab's hosts. Before it is cut, a process of its own is started that gives it back when its time is over, so that it
 * does not matter whether lvsctl lives to do it. Undefined: there is no lab.
 */
export function labPower(env: NodeJS.ProcessEnv): Power | undefined {
  const lab = labAround(env);
  if (!lab) return undefined;
  const guards = new Map<string, ChildProcess>();
  return {
    off: async (host, guard) => {
      const again = [process.execPath, process.argv[1] ?? '', 'lab', 'poweron', host, '--folder', lab.folder];
      const child = spawn('sh', ['-c', 'sleep "$0"; exec "$@"', String(Math.ceil(guard)), ...again], {
        detached: true,
        stdio: 'ignore',
      });
      child.unref();
      guards.set(host, child);
      const { poweroff } = await import('../lab/faults.ts');
      await poweroff(lab, host);
    },
    on: async (host) => {
      const guard = guards.get(host);
      if (guard?.pid !== undefined && guard.exitCode === null) {
        try {
          process.kill(-guard.pid);
        } catch {
          // It has given the power back by itself.
        }
      }
      guards.delete(host);
      const { poweron } = await import('../lab/faults.ts');
      await poweron(lab, host);
    },
  };
}
