import type { App } from './cluster/app.ts';
import type { Family } from './cluster/family.ts';
import type { Haproxy } from './cluster/haproxy.ts';
import type { IpvsSettings } from './cluster/ipvs.ts';
import type { KeepalivedSettings } from './cluster/keepalived.ts';
import type { PlatformName } from './cluster/platform.ts';
import type { VirtualService } from './cluster/service.ts';
import type { NginxSite } from './cluster/site.ts';
import type { NfsExport, NfsMount, NfsServerSettings } from './cluster/storage.ts';
import type { RolloutSettings } from './cluster/rollout.ts';
import type { SyncGroup, VrrpInstance } from './cluster/vrrp.ts';

export type * from './cluster/app.ts';
export type * from './cluster/bfd.ts';
export type * from './cluster/check.ts';
export type * from './cluster/family.ts';
export type * from './cluster/forwarding.ts';
export type * from './cluster/haproxy.ts';
export type * from './cluster/ipvs.ts';
export type * from './cluster/keepalived.ts';
export type * from './cluster/platform.ts';
export type * from './cluster/program.ts';
export type * from './cluster/script.ts';
export type * from './cluster/service.ts';
export type * from './cluster/site.ts';
export type * from './cluster/storage.ts';
export type * from './cluster/tls.ts';
export type * from './cluster/tracker.ts';
export type * from './cluster/rollout.ts';
export type * from './cluster/vrrp.ts';

/**
 * What the inventory says, complete: defaults filled in, ranges, groups and variables resolved, every reference checked.
 * Nothing changes it after it was loaded; roles, probes and reports are all derived from it.
 */
export interface Cluster {
  readonly name: string;
  readonly inventory: InventorySource;
  /** In the order written, ranges expanded in place. */
  readonly hosts: readonly Host[];
  /** Names of groups and the hosts in them, in inventory order. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Host names; the first is the preferred master. */
  readonly directors: readonly string[];
  /**
   * Hosts that take no new connections: `lvsctl drain` says so on the directors, and the weights of `services` are 0 for them. None as
   * long as no director was looked at.
   */
  readonly drained: readonly string[];
  /** How new the directors' word of {@link drained} is: greater is newer, 0 where nothing was ever drained. */
  readonly drainedAsOf: number;
  readonly vrrp: readonly VrrpInstance[];
  readonly keepalived: KeepalivedSettings;
  /** Instances that move together. */
  readonly syncGroups: readonly SyncGroup[];
  readonly services: readonly VirtualService[];
  readonly ipvs: IpvsSettings;
  readonly sites: readonly NginxSite[];
  readonly apps: readonly App[];
  readonly haproxy: Haproxy | undefined;
  readonly exports: readonly NfsExport[];
  readonly mounts: readonly NfsMount[];
  readonly nfsServer: NfsServerSettings;
  readonly rollout: RolloutSettings;
  readonly verify: VerifySettings;
  /** The user's own template folder (absolute), which goes before the built-in one. */
  readonly templates: string | undefined;
}

/** Where the cluster was read from. */
export interface InventorySource {
  /** Absolute path. */
  readonly file: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
}

/** One machine that lvsctl logs in to. */
export interface Host {
  readonly name: string;
  readonly groups: readonly string[];
  /** The family of distributions that it runs. */
  readonly platform: PlatformName;
  /** The NIC that carries the service network, `eth0` unless said otherwise. */
  readonly interface: string;
  /** Every address the inventory gives the host; the first is its primary one (the RIP of a real server). */
  readonly addresses: readonly HostAddress[];
  readonly ssh: SshSettings;
  readonly become: Become;
  /** Extra packages wished on this host. */
  readonly packages: readonly { readonly name: string; readonly state: 'present' | 'absent' }[];
  /** Extra sysctls wished on this host. */
  readonly sysctl: Readonly<Record<string, string>>;
  /** Free variables for templates, host before group before defaults. */
  readonly vars: Readonly<Record<string, unknown>>;
}

/** An address on a NIC. */
export interface HostAddress {
  readonly interface: string;
  readonly address: string;
  readonly family: Family;
  /** Prefix length: 0–32 or 0–128. */
  readonly prefix: number;
}

/** How to log in. What is undefined here is taken from ~/.ssh/config, then from OpenSSH's defaults. */
export interface SshSettings {
  /** Name or address to connect to; the host's primary address unless set. */
  readonly host: string | undefined;
  readonly user: string | undefined;
  /** 1–65535. */
  readonly port: number | undefined;
  /** Absolute path of a private key. */
  readonly identityFile: string | undefined;
  /** `[user@]host[:port]`, comma separated for several hops, as in ssh_config(5) ProxyJump. */
  readonly proxyJump: string | undefined;
  /** Seconds allowed for connecting and logging in. */
  readonly connectTimeout: number;
}

/** How to become root: not at all (logged in as root), or by sudo. */
export type Become = 'none' | 'sudo';

/** What the proof after a deployment uses. */
export interface VerifySettings {
  /** Vantage points: host names, or `operator` for the machine lvsctl runs on. */
  readonly from: readonly string[];
  /** Requests sent from each vantage point, 1–1000. */
  readonly requests: number;
}
