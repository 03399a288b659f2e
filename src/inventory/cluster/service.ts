import type { HealthChecks } from './check.ts';
import type { Family } from './family.ts';
import type { Forwarding } from './forwarding.ts';
import type { Program } from './program.ts';

/** IPVS transport protocol. */
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Flags of the schedulers `sh` and `mh`, ipvsadm(8) `-b`. */
export type SchedulerFlag = 'sh-fallback' | 'sh-port' | 'mh-fallback' | 'mh-port';

/** How long, and how many together, clients stay with one real server, ipvsadm(8) `-p`, `-M` and `--pe`. */
export interface Persistence {
  /** Seconds. */
  readonly timeout: number;
  /** Clients whose addresses agree in so many leading bits stay together: 32 or 128 is each by itself. */
  readonly granularity: number;
  /** Persistence engine: `sip` goes by the Call-ID of SIP over UDP instead of the client's address. */
  readonly engine: 'sip' | undefined;
}

/** A range of ports, both ends included. */
export interface PortRange {
  /** 1–65535. */
  readonly first: number;
  readonly last: number;
}

/** A firewall mark that stands for a service of several ports, ipvsadm(8) `-f`; rules of nftables put it on the packets. */
export interface FirewallMark {
  /** 1–2147483647, unique among the services. */
  readonly number: number;
  /** Ascending, and apart from each other. */
  readonly ports: readonly PortRange[];
}

/** The server that answers alone while the real servers are fewer than the quorum, keepalived.conf(5) `sorry_server`. */
export interface SorryServer {
  /** The host of the inventory it is; undefined: another machine, which somebody else sets up. */
  readonly host: string | undefined;
  readonly address: string;
  readonly port: number;
}

/** A virtual service: a VIP and a port, and the real servers behind it. */
export interface VirtualService {
  readonly name: string;
  readonly vip: string;
  readonly family: Family;
  /** 1–65535; the first of several. */
  readonly port: number;
  /** Undefined: the service is its protocol, VIP and port. */
  readonly mark: FirewallMark | undefined;
  readonly protocol: Protocol;
  readonly forwarding: Forwarding;
  /** IPVS scheduler, ipvsadm(8) `-s`. */
  readonly scheduler: string;
  readonly schedulerFlags: readonly SchedulerFlag[];
  /** Undefined: each connection is scheduled by itself. */
  readonly persistence: Persistence | undefined;
  /** Each datagram is scheduled by itself, ipvsadm(8) `--ops`. */
  readonly onePacket: boolean;
  /** Whether real servers count as down until their first check succeeded. */
  readonly alpha: boolean;
  /** Whether the scripts for real servers and quorum that go down are run when keepalived stops. */
  readonly omega: boolean;
  /** Weight that the sound real servers must have together, or the sorry server takes over; 1 or more. */
  readonly quorum: number;
  /** Weight by which the quorum must be exceeded or missed before it counts as gained or lost. */
  readonly hysteresis: number;
  /** Whether a real server that fails its check stays in the table with weight 0, and with it the connections it has. */
  readonly inhibitOnFailure: boolean;
  readonly sorryServer: SorryServer | undefined;
  /** What is run when the quorum is gained or lost, keepalived.conf(5) `quorum_up` and `quorum_down`. */
  readonly quorumNotify: UpDown;
  readonly checks: HealthChecks;
  readonly realServers: readonly RealServer[];
}

/** A host behind a virtual service. */
export interface RealServer {
  readonly host: string;
  /** Its RIP, of the service's family; with a tunnel of that of the outer packet. */
  readonly address: string;
  readonly port: number;
  /** 0–65535; 0 takes no new connections. */
  readonly weight: number;
  /** Connections from which on it gets no new ones, 1–65535; undefined: no limit. */
  readonly upperThreshold: number | undefined;
  /** Connections below which it gets new ones again; undefined: three quarters of the upper threshold. */
  readonly lowerThreshold: number | undefined;
  /** Undefined: those of the service. */
  readonly checks: HealthChecks | undefined;
  /** What is run when its checks hold again or fail, keepalived.conf(5) `notify_up` and `notify_down`. */
  readonly notify: UpDown;
}

/** What is run when something works and when it does not any more. keepalived gives it no arguments of its own. */
export interface UpDown {
  readonly up: Program | undefined;
  readonly down: Program | undefined;
  /** User they run as. */
  readonly user: string;
}
