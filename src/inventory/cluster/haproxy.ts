import type { Secret } from '../../secret.ts';
import type { StatusRange } from './check.ts';
import type { Family } from './family.ts';
import type { Upstream } from './site.ts';
import type { Tls } from './tls.ts';

/** HAProxy on hosts that keepalived moves VIPs between. */
export interface Haproxy {
  readonly hosts: readonly string[];
  readonly listeners: readonly HaproxyListener[];
  readonly stats: HaproxyStats | undefined;
  /** Of each process, 1–1000000. */
  readonly maxConnections: number;
  /** Seconds. */
  readonly connectTimeout: number;
  /** Seconds. */
  readonly clientTimeout: number;
  /** Seconds. */
  readonly serverTimeout: number;
  /** Path on the hosts. */
  readonly errorFile503: string | undefined;
}

/** A VIP, a port, and the servers behind: a `listen` section. */
export interface HaproxyListener {
  readonly name: string;
  readonly vip: string;
  readonly family: Family;
  readonly port: number;
  readonly mode: 'http' | 'tcp';
  /** The word after `balance`. */
  readonly balance: string;
  readonly servers: readonly Upstream[];
  readonly check: HaproxyCheck | undefined;
  readonly sticky: 'cookie' | 'source' | undefined;
  /** Whether servers are told the client's address as X-Forwarded-For; with mode http only. */
  readonly forwardFor: boolean;
  readonly maxConnections: number | undefined;
  readonly tls: Tls | undefined;
  /** Further lines, as they are. */
  readonly options: readonly string[];
}

/** How it finds out whether a server is sound. */
export interface HaproxyCheck {
  /** Undefined: a connection is all that is asked for. */
  readonly http: { readonly path: string; readonly status: StatusRange; readonly host: string | undefined } | undefined;
  /** Seconds between checks. */
  readonly interval: number;
  readonly fall: number;
  readonly rise: number;
}

/** The page of statistics, on every address of the host. */
export interface HaproxyStats {
  readonly port: number;
  readonly path: string;
  readonly auth: { readonly user: string; readonly password: Secret } | undefined;
}
