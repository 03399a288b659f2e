import type {
  Cluster,
  Host,
  HealthCheck,
  IpvsSettings,
  NginxSite,
  RolloutSettings,
  VirtualAddress,
  VirtualService,
  VrrpInstance,
  WebCheck,
} from '../../src/inventory/cluster.ts';
import { silent } from '../../src/inventory/resolve/program.ts';
import type { Observation } from '../../src/observe/observe.ts';
import { debian } from '../../src/platform/debian.ts';
import { platforms } from '../../src/platform/index.ts';
import { kinds } from '../../src/resources/index.ts';
import type { Resource } from '../../src/resources/index.ts';
import { ref } from '../../src/resources/resource.ts';
import { desiredHost, type DesiredHost } from '../../src/roles/index.ts';
import type { Stage } from '../../src/roles/role.ts';
import { createRender } from '../../src/templates/render.ts';
import type { Facts } from '../../src/observe/facts.ts';

/** A host with an address of its own for each name: `web1` has 10.77.0.1 and so on, or what is given. */
export function makeHost(name: string, more: Partial<Host> = {}): Host {
  const number = Number(/\d+$/.exec(name)?.[0] ?? 99);
  return {
    name,
    groups: [],
    platform: 'debian',
    interface: 'eth0',
    addresses: [{ interface: 'eth0', address: `10.77.0.${number}`, family: 4, prefix: 24 }],
    ssh: {
      host: undefined,
      user: 'root',
      port: undefined,
      identityFile: undefined,
      proxyJump: undefined,
      connectTimeout: 10,
    },
    become: 'none',
    packages: [],
    sysctl: {},
    vars: {},
    ...more,
  };
}

/** A cluster of nothing but what is given. */
export function makeCluster(more: Partial<Cluster> = {}): Cluster {
  return {
    name: 'shop',
    inventory: { file: '/srv/lvsctl.yaml', digest: 'd'.repeat(64) },
    hosts: [],
    groups: {},
    directors: [],
    drained: [],
    drainedAsOf: 0,
    vrrp: [],
    keepalived: {
      version: undefined,
      scriptUser: 'nobody',
      startupDelay: undefined,
      garp: noGarp,
      options: undefined,
      extra: [],
    },
    syncGroups: [],
    services: [],
    ipvs: makeIpvs(),
    sites: [],
    apps: [],
    haproxy: undefined,
    exports: [],
    mounts: [],
    nfsServer: { versions: undefined, threads: undefined },
    rollout: makeRollout(),
    verify: { from: ['operator'], requests: 20 },
    templates: undefined,
    ...more,
  };
}

/** A roll-out as it is where nothing is said about it; directors do not hand over. */
export function makeRollout(more: Partial<RolloutSettings> = {}): RolloutSettings {
  return {
    serial: undefined,
    canary: 'host',
    maxFail: { hosts: 0 },
    drain: 'interrupt',
    drainTimeout: 60,
    switchOver: false,
    ...more,
  };
}

/** IPVS as the kernel has it. */
export function makeIpvs(more: Partial<IpvsSettings> = {}): IpvsSettings {
  const timeouts = { tcp: undefined, tcpFin: undefined, udp: undefined };
  return { syncDaemon: undefined, timeouts, marking: 'nftables', flush: false, flushOnStop: false, ...more };
}

/** A check by a page. */
export function makeWebCheck(more: Partial<WebCheck> = {}): WebCheck {
  return {
    type: 'http',
    path: '/healthz',
    status: [{ first: 200, last: 200 }],
    digest: undefined,
    regex: undefined,
    regexInverted: false,
    virtualHost: undefined,
    sni: false,
    ...more,
  };
}

export const httpCheck: HealthCheck = {
  kind: makeWebCheck(),
  port: undefined,
  address: undefined,
  interval: 2,
  timeout: 2,
  retries: 1,
  retryDelay: 1,
};

const noGarp = { delay: undefined, repeat: undefined, refresh: undefined, refreshRepeat: undefined };

export function makeInstance(more: Partial<VrrpInstance> = {}): VrrpInstance {
  return {
    name: 'VI_1',
    vrid: 51,
    family: 4,
    version: 2,
    interfaces: { lb1: 'eth0', lb2: 'eth0' },
    vips: [makeVip('10.77.0.100')],
    priorities: { lb1: 150, lb2: 100 },
    advertInterval: 1,
    downTimerAdverts: undefined,
    state: 'BACKUP',
    preempt: true,
    preemptDelay: 0,
    unicast: undefined,
    authPass: undefined,
    accept: true,
    vmac: undefined,
    garp: noGarp,
    trackers: [],
    routes: [],
    rules: [],
    notify: silent,
    extra: [],
    ...more,
  };
}

/** A VIP on eth0 of each director. */
export function makeVip(address: string, more: Partial<VirtualAddress> = {}): VirtualAddress {
  const prefix = address.includes(':') ? 128 : 32;
  return { address, prefix, interfaces: { lb1: 'eth0', lb2: 'eth0' }, label: undefined, ...more };
}

/** Nothing is run. */
const quiet = { up: undefined, down: undefined, user: 'root' };

export function makeService(realServers: readonly string[], more: Partial<VirtualService> = {}): VirtualService {
  return {
    name: 'www',
    vip: '10.77.0.100',
    family: 4,
    port: 80,
    mark: undefined,
    protocol: 'TCP',
    forwarding: { mode: 'DR', device: 'lo' },
    scheduler: 'wrr',
    schedulerFlags: [],
    persistence: undefined,
    onePacket: false,
    alpha: true,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    inhibitOnFailure: false,
    sorryServer: undefined,
    quorumNotify: quiet,
    checks: [httpCheck],
    realServers: realServers.map((host, index) => ({
      host,
      address: `10.77.0.${index + 1}`,
      port: 80,
      weight: 1,
      upperThreshold: undefined,
      lowerThreshold: undefined,
      checks: undefined,
      notify: quiet,
    })),
    ...more,
  };
}

/** A site of plain files. */
export function makeSite(hosts: readonly string[], more: Partial<NginxSite> = {}): NginxSite {
  return {
    name: 'www',
    hosts,
    port: 80,
    root: '/var/www/shared',
    body: undefined,
    proxy: undefined,
    serverNames: [],
    tls: undefined,
    healthPath: '/healthz',
    accessLog: undefined,
    trustedProxies: [],
    include: undefined,
    ...more,
  };
}

/** Two directors, three web servers behind them with a site each. */
export function makeShop(more: Partial<Cluster> = {}): Cluster {
  const web = ['web1', 'web2', 'web3'];
  return makeCluster({
    hosts: [
      ...['lb1', 'lb2'].map((name, index) =>
        makeHost(name, {
          addresses: [{ interface: 'eth0', address: `10.77.0.${index + 11}`, family: 4, prefix: 24 }],
        }),
      ),
      ...web.map((name) => makeHost(name)),
    ],
    directors: ['lb1', 'lb2'],
    vrrp: [makeInstance()],
    services: [makeService(web)],
    sites: [makeSite(web)],
    ...more,
  });
}

/** All that has to be true of each host of a cluster. */
export function wishesOf(cluster: Cluster): DesiredHost[] {
  const render = createRender(cluster.templates);
  return cluster.hosts.map((host) => desiredHost(cluster, host, platforms[host.platform], render));
}

/** A host of which just these resources are wished. */
export function desiredOf(resources: readonly Resource[], stage: Stage = 'base', name = 'web1'): DesiredHost {
  return {
    host: makeHost(name),
    roles: [],
    platform: debian,
    needs: [],
    resources: resources.map((resource) => ({
      stage: resource.kind === 'package' ? 'packages' : stage,
      resource,
      ref: ref(resource.kind, kinds[resource.kind].name(resource)),
    })),
  };
}

export const debianFacts: Facts = {
  uid: 0,
  kernel: '6.1.0-13-amd64',
  system: { id: 'debian', like: [], version: '12' },
  addresses: [],
};

/** A host that was found in the given states. */
export function makeObservation(
  host: string,
  states: Iterable<readonly [string, unknown]> = [],
  facts: Partial<Facts> = {},
): Observation {
  return {
    host,
    facts: { ...debianFacts, ...facts },
    states: new Map(states),
    manifest: new Map(),
    leftovers: [],
    drained: '',
    extra: new Map(),
  };
}
