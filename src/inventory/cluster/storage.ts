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
