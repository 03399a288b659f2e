import type { Notify, Program } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { part } from './part.ts';

/** A program and its arguments as keepalived.conf(5) has them between quotes. */
export function commandLine({ path, args }: Program): string {
  return [path, ...args].join(' ');
}

/** The `notify` lines of an instance or a sync group; empty when nothing is run. */
export function notifyLines(context: RoleContext, notify: Notify): string {
  const line = (program: Program | undefined) => program && commandLine(program);
  const { all, master, backup, fault, stop, user } = notify;
  return part(
    context,
    'notify',
    { all: line(all), master: line(master), backup: line(backup), fault: line(fault), stop: line(stop), user },
    4,
  );
}
