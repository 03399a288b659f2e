import type { Haproxy, ProcessTracker, ScriptTracker, Tracker, VrrpInstance } from '../cluster.ts';
import { scriptFolder } from './script.ts';

const executable = 'haproxy';
const path = `${scriptFolder}/haproxy-answers`;

/**
 * Where HAProxy answers questions about itself. RHEL and SUSE have it there; the folder is the home of HAProxy's account on every
 * family, where /run/haproxy is Debian's alone.
 */
export const haproxySocket = '/var/lib/haproxy/stats';

/** Succeeds while HAProxy takes a connection, in whatever state its servers are. */
const content = `#!/bin/sh\nexec socat -u OPEN:/dev/null UNIX-CONNECT:${haproxySocket}\n`;

/**
 * Asked every second: a process that hangs is there as well, and a kernel without process events (CONFIG_PROC_EVENTS) tells
 * keepalived of none.
 */
const answers: ScriptTracker = {
  type: 'script',
  name: 'haproxy_answers',
  program: { path, args: [], script: { path, content } },
  interval: 1,
  timeout: 2,
  rise: 1,
  fall: 2,
  user: 'root',
  weight: 0,
};

/**
 * Has each instance that carries a VIP of HAProxy watch that it runs (keepalived.conf(5) `vrrp_track_process`, which notices at once)
 * and that it answers: a VIP on a host where nothing answers is worse than none. An instance that watches the process already is
 * left as it is.
 */
export function withHaproxyTrackers(instances: readonly VrrpInstance[], haproxy: Haproxy | undefined): VrrpInstance[] {
  const vips = new Set(haproxy?.listeners.map(({ vip }) => vip));
  const added: Tracker[] = [{ ...runs, name: nameOf(instances) }, answers];
  return instances.map((instance) => {
    const watches = instance.trackers.some((one) => one.type === 'process' && one.process === executable);
    if (watches || !instance.vips.some(({ address }) => vips.has(address))) return instance;
    return { ...instance, trackers: [...instance.trackers, ...added] };
  });
}

const runs: Omit<ProcessTracker, 'name'> = {
  type: 'process',
  process: executable,
  quorum: 1,
  delay: undefined,
  weight: 0,
};

/** Another name where one that is written has this one, and means something else. */
function nameOf(instances: readonly VrrpInstance[]): string {
  const written = instances.flatMap(({ trackers }) => trackers.filter((one) => one.type === 'process'));
  const taken = written.some(({ name, process, quorum, delay }) => {
    return name === executable && (process !== executable || quorum !== 1 || delay !== undefined);
  });
  return taken ? 'haproxy_of_vips' : executable;
}
