import type { Marking } from '../inventory/cluster/ipvs.ts';
import type { PlatformName } from '../inventory/cluster/platform.ts';
import type { PackageManager } from './package-manager.ts';
import type { ServiceManager } from './service-manager.ts';

/** What differs between distributions. One file a family. */
export interface Platform {
  readonly name: PlatformName;
  readonly packages: {
    /** What every host needs for lvsctl's own commands. */
    readonly base: readonly string[];
    readonly director: readonly string[];
    /** What sets firewall marks. */
    readonly marking: Readonly<Record<Marking, readonly string[]>>;
    readonly nginx: readonly string[];
    /** HAProxy, and socat(1) to ask it how it is. */
    readonly haproxy: readonly string[];
    readonly nfsServer: readonly string[];
    readonly nfsClient: readonly string[];
  };
  /**
   * Folder that nginx.conf includes `*.conf` from in its `http` block, and a default site that comes with the package and is
   * in the way.
   */
  readonly nginx: { readonly sites: string; readonly defaultSite: string | undefined };
  /** Names by which the service manager knows them. */
  readonly units: {
    readonly keepalived: string;
    readonly nginx: string;
    readonly haproxy: string;
    readonly nfsServer: string;
    readonly rpcbind: string;
  };
  /** The file that says how keepalived is started, and its variable in it. */
  readonly keepalivedOptions: { readonly path: string; readonly variable: string };
  /** What has to be masked so that nothing starts it; empty where units cannot be. */
  readonly masked: { readonly rpcbind: readonly string[] };
  /** sh that asks ip(8) of iproute2 and prints its JSON. */
  readonly askIp: (what: string) => string;
  readonly packageManager: PackageManager;
  readonly services: ServiceManager;
  /** What may stand between a service and the network, and is made to let it through where it is in force. */
  readonly guards: readonly Guard[];
}

/** SELinux booleans, and firewalld's zones. */
export type Guard = 'selinux' | 'firewalld';
