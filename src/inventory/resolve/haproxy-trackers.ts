import type { Haproxy, ProcessTracker, VrrpInstance } from '../cluster.ts';

const executable = 'haproxy';

/**
 * Has each instance that carries a VIP of HAProxy watch its process, keepalived.conf(5) `vrrp_track_process`: a VIP on a host where
 * nothing answers is worse than none. One that watches it already is left as it is.
 */
export function withHaproxyTrackers(instances: readonly VrrpInstance[], haproxy: Haproxy | undefined): VrrpInstance[] {
  const vips = new Set(haproxy?.listeners.map(({ vip }) => vip));
  const watchers = instances.flatMap(({ trackers }) => trackers.filter((one) => one.type === 'process'));
  const taken = watchers.some(({ name, process, quorum, delay }) => {
    return name === executable && (process !== executable || quorum !== 1 || delay !== undefined);
  });
  const tracker: ProcessTracker = {
    type: 'process',
    process: executable,
    quorum: 1,
    delay: undefined,
    weight: 0,
    name: taken ? 'haproxy_of_vips' : executable,
  };
  return instances.map((instance) => {
    const watches = instance.trackers.some((one) => one.type === 'process' && one.process === executable);
    if (watches || !instance.vips.some(({ address }) => vips.has(address))) return instance;
    return { ...instance, trackers: [...instance.trackers, tracker] };
  });
}
