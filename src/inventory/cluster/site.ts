import type { Tls } from './tls.ts';

/** A web site that nginx serves. Just one of `root`, `body` and `proxy` is there. */
export interface NginxSite {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly port: number;
  /** Folder served at /. */
  readonly root: string | undefined;
  /** A line answered at /; `%h` is the name of the host. */
  readonly body: string | undefined;
  readonly proxy: SiteProxy | undefined;
  /** nginx's server_name; empty: it answers to any. */
  readonly serverNames: readonly string[];
  readonly tls: Tls | undefined;
  /** URL path of a health page that nginx itself answers with 200; undefined: none. */
  readonly healthPath: string | undefined;
  /** Absolute path; false: no log; undefined: nginx's own. */
  readonly accessLog: string | false | undefined;
  /** Names of the hosts whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Name of a template whose text goes into the server block. */
  readonly include: string | undefined;
}

/** nginx as a reverse proxy, ngx_http_upstream_module and ngx_http_proxy_module. */
export interface SiteProxy {
  readonly upstreams: readonly Upstream[];
  readonly balance: 'round-robin' | 'least-conn' | 'ip-hash';
  /** Failures within `failTimeout` seconds after which a server is left out for as long; 0: never. */
  readonly maxFails: number;
  readonly failTimeout: number;
  /** Seconds. */
  readonly connectTimeout: number;
  /** Seconds. */
  readonly readTimeout: number;
}

/** A server behind a proxy, by the name of its host. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** Whether it is asked only when no other answers. */
  readonly backup: boolean;
}
