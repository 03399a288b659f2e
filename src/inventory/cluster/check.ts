import type { BfdSettings } from './bfd.ts';
import type { Script } from './script.ts';

/** An HTTP status or a range of them, 100–599, both ends included. */
export interface StatusRange {
  readonly first: number;
  readonly last: number;
}

/** A request for a page, keepalived.conf(5) HTTP_GET and SSL_GET. */
export interface WebCheck {
  readonly type: 'http' | 'https';
  readonly path: string;
  /** What a sound answer's status is among. */
  readonly status: readonly StatusRange[];
  /** MD5 of the page's body, 32 hex digits, as genhash(1) prints it; undefined: any. */
  readonly digest: string | undefined;
  /** What the page must match (PCRE2), or must not with `regexInverted`; undefined: anything. */
  readonly regex: string | undefined;
  readonly regexInverted: boolean;
  /** The name in the header Host; undefined: the address. */
  readonly virtualHost: string | undefined;
  /** Whether the TLS handshake names the virtual host; `https` only. */
  readonly sni: boolean;
}

/** A datagram and what must come back for it, keepalived.conf(5) UDP_CHECK. */
export interface UdpCheck {
  readonly type: 'udp';
  /** Bytes to send, hex digits in pairs; undefined: random ones. */
  readonly payload: string | undefined;
  /** Bytes that the answer begins with, `XX` for any; empty: any answer; undefined: none is needed. */
  readonly reply: string | undefined;
}

/** A script that lvsctl brings to the directors, keepalived.conf(5) MISC_CHECK. */
export interface ScriptCheck {
  readonly type: 'misc';
  readonly script: Script;
  /** Arguments after the real server's address and port. */
  readonly args: readonly string[];
  /** Seconds it may take. */
  readonly scriptTimeout: number;
  /** Whether its exit code n from 2 on gives the real server the weight n-2. */
  readonly dynamic: boolean;
  /** User it runs as; undefined: keepalived's script_user. */
  readonly user: string | undefined;
}

/** A file of a number that is watched, keepalived.conf(5) FILE_CHECK. */
export interface FileCheck {
  readonly type: 'file';
  /** Absolute path on the directors; `%h` stands for the name of the real server. */
  readonly path: string;
  /** The number times this is added to the real server's weight, -253–253; undefined: any number but 0 takes it out. */
  readonly weight: number | undefined;
}

/** A BFD session with the real server, keepalived.conf(5) BFD_CHECK: something on it has to speak BFD with the directors. */
export interface BfdCheck {
  readonly type: 'bfd';
  readonly settings: BfdSettings;
}

/** What is checked. */
export type CheckKind =
  | { readonly type: 'tcp' }
  | WebCheck
  | { readonly type: 'smtp'; readonly helo: string | undefined }
  | { readonly type: 'dns'; readonly name: string; readonly recordType: DnsType }
  | UdpCheck
  | { readonly type: 'ping' }
  | FileCheck
  | BfdCheck
  | ScriptCheck;

/** Record types that keepalived asks for. */
export type DnsType = 'A' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | 'AAAA';

/** How keepalived finds out whether a real server works. Times in seconds. */
export interface HealthCheck {
  readonly kind: CheckKind;
  /** delay_loop. */
  readonly interval: number;
  /** connect_timeout. */
  readonly timeout: number;
  /** Retries before the server is removed. */
  readonly retries: number;
  /** delay_before_retry. */
  readonly retryDelay: number;
  /** connect_port; undefined: that of the real server. */
  readonly port: number | undefined;
  /** connect_ip; undefined: that of the real server. */
  readonly address: string | undefined;
}

/** Each of them has to hold, and each by its own interval and retries: keepalived takes a real server out when one fails. */
export type HealthChecks = readonly [HealthCheck, ...HealthCheck[]];
