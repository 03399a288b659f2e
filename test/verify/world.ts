import { join } from 'node:path';
import type { Cluster, VirtualService } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import type { Answer } from '../../src/observe/frame.ts';
import type { Observation } from '../../src/observe/observe.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/resources/resource.ts';
import type { Check, Evidence, Finding, Round } from '../../src/verify/check.ts';
import { countersListing, listing } from '../ipvs/listing.ts';

export const nonce = '0123456789abcdef01234567';
export const vip = '10.77.0.100';

/** The cluster of inventories/dr.yaml. */
export async function drCluster(): Promise<Cluster> {
  const loaded = await loadCluster(join(import.meta.dirname, '../../inventories/dr.yaml'), {});
  if (!loaded.ok) throw new Error('inventories/dr.yaml does not load');
  return loaded.value;
}

/** A cluster whose only service is that of inventories/dr.yaml with something else about it. */
export function withService(cluster: Cluster, change: Partial<VirtualService>): Cluster {
  return { ...cluster, services: cluster.services.map((service) => ({ ...service, ...change })) };
}

/** RIPs and weights of the real servers. */
const rips: Readonly<Record<string, number>> = { '10.77.0.13': 1, '10.77.0.14': 1, '10.77.0.15': 2 };
const macOf = (number: number): string => `02:4c:56:00:00:0${number}`;
export const holderMac = macOf(1);
export const web3Mac = macOf(5);

/** What was seen of the cluster in which everything is as it should be; tests then break a thing. */
export class World {
  cluster: Cluster;
  readonly observations = new Map<string, Observation>();
  readonly steps: { host: string; step: Step }[] = [];
  readonly #answers = new Map<string, Answer>();

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    for (const { name, addresses } of cluster.hosts) {
      const own = addresses.map(({ interface: name, address, prefix }) => ({ interface: name, address, prefix }));
      this.observations.set(name, {
        host: name,
        facts: { uid: 0, kernel: '6.12', system: { id: 'debian', like: [], version: '13' }, addresses: own },
        states: new Map(),
        manifest: new Map(),
        leftovers: [],
        drained: '',
        extra: new Map(),
      });
    }
    for (const name of cluster.directors) this.#director(name);
    for (const name of ['web1', 'web2', 'web3']) this.#realServer(name);
    this.state('nas1', 'service nfs-server.service', active());
    this.answer(
      'during',
      'nas1',
      'nfs-writable',
      [0, 1, 2].map((n) => `${nonce} read ${n} ${n} ${nonce}`).join('\n\n'),
    );
    this.address('lb1', { interface: 'eth0', address: vip, prefix: 32 });
    this.answer('after', 'lb1', 'counters', stats(60));
    this.answer('after', 'lb2', 'counters', stats(0));
    this.answer('during', 'probe1', 'arp-single', arping(holderMac.toUpperCase()));
    for (const where of ['probe1', 'operator'])
      this.answer('during', where, 'large-requests', onceReply(0, 'HTTP/1.1 200 OK\r'));
    this.answer('during', 'lb1', 'vrrp-adverts', heard());
    this.answer('during', 'lb2', 'vrrp-adverts', heard(advert()));
    this.requests('probe1', { web1: 8, web2: 7, web3: 15 });
    this.requests('operator', { web1: 7, web2: 8, web3: 15 });
  }

  #director(name: string): void {
    this.state(name, 'service keepalived.service', active());
    this.answer('before', name, 'keepalived-config', '');
    this.answer('before', name, 'ipvs-table', table());
    this.answer('before', name, 'boot-order', startsAfter('keepalived.service', 'network-online.target'));
    this.answer('before', name, 'receive-merging', 'eth0 off\n');
    this.answer('before', name, 'counters', stats(0));
    this.answer('before', name, 'arp-single', `eth0 ${macOf(Number(name.at(-1)))}\n`);
    this.answer(
      'before',
      name,
      'director-reaches-rips',
      [0, 1, 2].map((n) => onceReply(n, 'HTTP/1.1 200 OK\r')).join(''),
    );
  }

  #realServer(name: string): void {
    const index = Number(name.at(-1));
    this.state(name, 'service nginx.service', active());
    this.state(name, 'service lvsctl-vip.service', active());
    this.state(name, 'sysctl net.ipv4.conf.eth0.arp_ignore', { own: '1', effective: '1' });
    this.state(name, 'sysctl net.ipv4.conf.eth0.arp_announce', { own: '0', effective: '2' });
    this.state(name, 'mount /var/www/shared', { mounted: { source: '10.77.0.16:/srv/www', type: 'nfs4' }, fstab: '' });
    this.address(name, { interface: 'lo', address: vip, prefix: 32 });
    this.answer('before', name, 'arp-single', `eth0 ${macOf(index + 2)}\n`);
    this.answer('before', name, 'boot-order', startsAfter('nginx.service', 'remote-fs.target'));
    this.answer('before', name, 'real-server-listens', 'TCP LISTEN 0      511          0.0.0.0:80        0.0.0.0:*\n');
    this.answer('before', name, 'nfs-mounted', `\n${nonce} mount 0 0 nfs\n`);
    this.answer('before', name, 'nfs-writable', `\n${nonce} wrote ${index - 1} 0 same\n`);
  }

  /** What a place answers to a check's section. */
  answer(round: Round, where: string, check: string, output: string, status = 0): void {
    this.#answers.set(`${round} ${where} ${check}`, { output, status });
  }

  /** A place that could not be asked in a round, by any check or by the given one. */
  silence(round: Round, where: string, check?: string): void {
    for (const key of this.#answers.keys()) {
      if (key.startsWith(`${round} ${where} ${check ?? ''}`)) this.#answers.delete(key);
    }
  }

  /** A host that could not be reached at all. */
  unreach(host: string): void {
    this.observations.delete(host);
    for (const round of ['before', 'during', 'after'] as const) this.silence(round, host);
  }

  state(host: string, ref: string, state: unknown): void {
    this.#change(host, ({ states }) => ({ states: new Map([...states, [ref, state]]) }));
  }

  /** Leaves out an address of a host, or adds one. */
  address(host: string, one: { interface: string; address: string; prefix: number }, there = true): void {
    this.#change(host, ({ facts }) => {
      const rest = facts.addresses.filter(
        ({ address, interface: name }) => address !== one.address || name !== one.interface,
      );
      return { facts: { ...facts, addresses: there ? [...rest, one] : rest } };
    });
  }

  /** Replies to the requests of a vantage point: so many by each, and what else the client printed. */
  requests(where: string, by: Readonly<Record<string, number>>, ...others: readonly string[]): void {
    const replies = Object.entries(by).flatMap(([server, count]) => Array.from({ length: count }, () => reply(server)));
    this.answer('during', where, 'requests', `\n${nonce} series\n${[...replies, ...others].join('')}`);
  }

  evidence(): Evidence {
    return {
      cluster: this.cluster,
      nonce,
      observations: this.observations,
      plan: this.#plan(),
      answer: (round, where, check) => this.#answers.get(`${round} ${where} ${check}`),
    };
  }

  /** What a check finds that is not ok. */
  troubles(check: Check): Finding[] {
    return check.judge(this.evidence()).filter(({ status }) => status !== 'ok');
  }

  #plan(): Plan {
    const hosts = [...this.observations.keys()];
    const batch = hosts.map((host) => ({
      host,
      steps: this.steps.filter((one) => one.host === host).map(({ step }) => step),
    }));
    return { cluster: this.cluster.name, hosts, stages: [{ stage: 'base', batches: [batch] }] };
  }

  #change(host: string, change: (one: Observation) => Partial<Observation>): void {
    const one = this.observations.get(host);
    if (!one) throw new Error(`there is no ${host}`);
    this.observations.set(host, { ...one, ...change(one) });
  }
}

/** A service that runs. */
function active(): unknown {
  return { loaded: true, active: 'active', enabled: true, owed: [] };
}

/** The table as it should be, but for the given weights; undefined leaves a server out. */
export function table(but: Readonly<Record<string, number | undefined>> = {}): string {
  const weights: Readonly<Record<string, number | undefined>> = { ...rips, ...but };
  const servers = Object.entries(weights).flatMap(([address, weight]) =>
    weight === undefined
      ? []
      : [{ address, port: 80, forward: 'Route' as const, weight, activeConnections: 0, inactiveConnections: 0 }],
  );
  const key = { protocol: 'TCP', address: vip, port: 80 } as const;
  return listing([{ key, scheduler: 'wrr', persistence: undefined, options: [], servers }]);
}

/** Counters after so many connections, dealt out by weight but for the given real servers. */
export function stats(connections: number, but: Readonly<Record<string, number>> = {}): string {
  const rest = { packetsIn: 6 * connections, packetsOut: 0, bytesIn: 400 * connections, bytesOut: 0 };
  const servers = Object.entries(rips).map(([address, weight]) => ({
    ...{ address, port: 80, ...rest },
    connections: but[address] ?? (connections * weight) / 4,
  }));
  return countersListing([{ key: { protocol: 'TCP', address: vip, port: 80 }, connections, ...rest, servers }]);
}

/** A reply of curl to one request. */
export function reply(server: string | undefined, status = 200): string {
  const header = server === undefined ? '' : `X-Real-Server: ${server}\r\n`;
  return `HTTP/1.1 ${status} OK\r\nServer: nginx\r\n${header}\r\n\n${nonce} exit 0\n`;
}

/** A request that came to nothing. */
export function failure(exit: number, said: string): string {
  return `${said}\n\n${nonce} exit ${exit}\n`;
}

/** The reply of a real server to a director. */
export function onceReply(number: number, said: string, exit = 0): string {
  return `\n${nonce} once ${number}\n${said}\n${nonce} exit ${exit}\n`;
}

/** What `systemctl show` prints of a unit that starts after another. */
export function startsAfter(unit: string, after: string): string {
  return `Id=${unit}\nAfter=basic.target ${after} system.slice\nLoadState=loaded\n`;
}

const hex = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');
const ip = (address: string): string => hex(...address.split('.').map(Number));

/** What the listener tells of an advert of version 2 for the instance of the example, but for what is given. */
export function advert({
  from = '10.77.0.11',
  vrid = 51,
  priority = 150,
  auth = 0,
  vips = [vip],
  link = 0,
} = {}): string {
  const head = hex(0x21, vrid, priority, vips.length, auth, 1, 0xab, 0xcd);
  return `\n${nonce} advert ${link} ${ip(from)} ${head}${vips.map(ip).join('')}\n`;
}

/** What the listener prints that heard these adverts, in a second and a half or so many seconds. */
export function heard(adverts = '', seconds = 1.6): string {
  return `${adverts}\n${nonce} listened ${seconds.toFixed(1)}\n`;
}

/** What arping of iputils prints. */
export function arping(...macs: readonly string[]): string {
  const replies = macs.map((mac) => `Unicast reply from ${vip} [${mac}]  0.9ms`);
  return [
    `\n${nonce} vip ${vip} arping`,
    `ARPING ${vip} from 10.77.0.17 eth0`,
    ...replies,
    'Sent 2 probes (1 broadcast(s))',
    `Received ${macs.length} response(s)`,
    '',
  ].join('\n');
}
