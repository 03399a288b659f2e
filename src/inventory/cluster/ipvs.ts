/** Settings of IPVS itself, which hold for every service of a director. */
export interface IpvsSettings {
  /** Undefined: connections are not synchronised. */
  readonly syncDaemon: SyncDaemon | undefined;
  readonly timeouts: IpvsTimeouts;
  /** What puts firewall marks on packets. */
  readonly marking: Marking;
  /** Whether keepalived empties the table when it starts, keepalived.conf(5) `lvs_flush`. */
  readonly flush: boolean;
  /** Whether keepalived empties the table at once when it stops, keepalived.conf(5) `lvs_flush_on_stop`. */
  readonly flushOnStop: boolean;
}

/** nft(8), in a table of its own; or tc-skbedit(8) on what comes in, for kernels without nf_tables. */
export type Marking = 'nftables' | 'tc';

/** Tells the other directors of connections, so that they live through a failover, ipvsadm(8) `--start-daemon`. */
export interface SyncDaemon {
  /** NIC of each director that the messages go over. */
  readonly interfaces: Readonly<Record<string, string>>;
  /** The same on all directors, 1–255; unlike those of other clusters on the network. */
  readonly id: number;
  /**
   * The VRRP instance whose master sends and whose backups listen; undefined: each director does both, as it needs to
   * where several instances have different masters.
   */
  readonly instance: string | undefined;
  /** UDP port, 1–65535. */
  readonly port: number;
  /** Multicast group. */
  readonly group: string;
  /** Of the multicast packets, 1–255. */
  readonly ttl: number;
}

/** Seconds without a packet after which a connection is forgotten, ipvsadm(8) `--set`; undefined: as the kernel has it. */
export interface IpvsTimeouts {
  readonly tcp: number | undefined;
  readonly tcpFin: number | undefined;
  readonly udp: number | undefined;
}
