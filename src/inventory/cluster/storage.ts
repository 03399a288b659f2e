import type { Family } from './family.ts';

/** A folder that an NFS server exports, exports(5). */
export interface NfsExport {
  readonly host: string;
  readonly path: string;
  /** Who may mount it, in the order written; no client twice. */
  readonly offers: readonly NfsOffer[];
}

/** What one client of an export gets. */
export interface NfsOffer {
  readonly client: NfsClient;
  /** exports(5) options as they will be written, `sync` and `no_subtree_check` included unless contradicted. */
  readonly options: readonly string[];
}

/** A client of an export: a host of the inventory, by its address; a network; a netgroup of NIS; or everybody. */
export type NfsClient =
  | { readonly type: 'host'; readonly host: string }
  | { readonly type: 'network'; readonly address: string; readonly prefix: number; readonly family: Family }
  | { readonly type: 'netgroup'; readonly name: string }
  | { readonly type: 'anyone' };

/** A mount of an NFS export on client hosts, nfs(5). */
export interface NfsMount {
  readonly path: string;
  readonly server: string;
  readonly export: string;
  readonly hosts: readonly string[];
  /** fstab options, `_netdev` included. */
  readonly options: readonly string[];
}

/** A version of NFS, as nfs.conf(5) has it. */
export type NfsVersion = '3' | '4.0' | '4.1' | '4.2';

/** What the NFS servers speak. */
export interface NfsServerSettings {
  /** Undefined: as the distribution has it. */
  readonly versions: readonly NfsVersion[] | undefined;
  /** Threads of nfsd, 1–4096; undefined: as the distribution has it. */
  readonly threads: number | undefined;
}
