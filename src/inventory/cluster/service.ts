import type { HealthCheck } from './check.ts';
import type { Family } from './family.ts';

/** IPVS forwarding mode. Direct routing is the only one so far. */
export type ForwardingMode = 'DR';

/** IPVS transport protocol. */
export type Protocol = 'TCP' | 'UDP';

/** A virtual service: a VIP and a port, and the real servers behind it. */
export interface VirtualService {
  readonly name: string;
  readonly vip: string;
  readonly family: Family;
  /** 1–65535. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly mode: ForwardingMode;
  /** IPVS scheduler, ipvsadm(8) `-s`. */
  readonly scheduler: string;
  /** Seconds a client stays with its real server; undefined: no persistence. */
  readonly persistence: number | undefined;
  readonly check: HealthCheck;
  readonly realServers: readonly RealServer[];
}

/** A host behind a virtual service. */
export interface RealServer {
  readonly host: string;
  /** Its RIP, of the service's family. */
  readonly address: string;
  readonly port: number;
  /** 0–65535; 0 takes no new connections. */
  readonly weight: number;
}
