import type { Secret } from '../secret.ts';

/** An IP version. Host addresses of the two families are kept apart, as keepalived and ipvsadm do. */
export type Family = 4 | 6;

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
  readonly vrrp: readonly VrrpInstance[];
  readonly services: readonly VirtualService[];
  readonly sites: readonly NginxSite[];
  readonly exports: readonly NfsExport[];
  readonly mounts: readonly NfsMount[];
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

/** A VRRP instance over all directors, keepalived.conf(5) `vrrp_instance`. */
export interface VrrpInstance {
  readonly name: string;
  /** virtual_router_id, 1–255, unique on its network. */
  readonly vrid: number;
  readonly family: Family;
  /** VIPs it carries, in the order written. */
  readonly vips: readonly string[];
  /** 1–254 for each director. */
  readonly priorities: Readonly<Record<string, number>>;
  /** advert_int in seconds; VRRP version 2 takes whole seconds only. */
  readonly advertInterval: number;
  /** Whether a director of higher priority takes over again when it returns. */
  readonly preempt: boolean;
  /** PASS authentication: keepalived uses the first eight characters. */
  readonly authPass: Secret | undefined;
}

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

/** How keepalived finds out whether a real server works. Times in seconds. */
export interface HealthCheck {
  readonly kind: { readonly type: 'tcp' } | { readonly type: 'http'; readonly path: string; readonly status: number };
  /** delay_loop. */
  readonly interval: number;
  /** connect_timeout. */
  readonly timeout: number;
  /** Retries before the server is removed. */
  readonly retries: number;
  /** delay_before_retry. */
  readonly retryDelay: number;
}

/** A web site that nginx serves on real servers. */
export interface NginxSite {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly port: number;
  /** Folder served at /. */
  readonly root: string;
  /** URL path of a health page that nginx itself answers with 200; undefined: none. */
  readonly healthPath: string | undefined;
}

/** A folder that an NFS server exports, exports(5). */
export interface NfsExport {
  readonly host: string;
  readonly path: string;
  /** Names of the hosts that may mount it; each is written by its address. */
  readonly clients: readonly string[];
  /** exports(5) options as they will be written, `sync` and `no_subtree_check` included unless contradicted. */
  readonly options: readonly string[];
}

/** A mount of an NFS export on client hosts, nfs(5). */
export interface NfsMount {
  readonly path: string;
  readonly server: string;
  readonly export: string;
  readonly hosts: readonly string[];
  /** fstab options, `_netdev` included. */
  readonly options: readonly string[];
}

/** What the proof after a deployment uses. */
export interface VerifySettings {
  /** Vantage points: host names, or `operator` for the machine lvsctl runs on. */
  readonly from: readonly string[];
  /** Requests sent from each vantage point, 1–1000. */
  readonly requests: number;
}
