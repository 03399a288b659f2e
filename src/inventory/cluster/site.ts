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
