import { ref, type Kind } from './resource.ts';

/** An export that the NFS server has to offer now; that it does so after a boot is the business of a file in /etc/exports.d. */
export interface ExportResource {
  readonly kind: 'export';
  readonly path: string;
  /** Address of one client. */
  readonly client: string;
  /** exports(5) options. */
  readonly options: readonly string[];
}

/** The options in force, or that the client is not offered the path. */
export type ExportState = readonly string[] | 'absent';

/** Exports, read from etab, the table that exportfs(8) keeps for mountd. */
export const nfsExport: Kind<ExportResource, ExportState> = {
  kind: 'export',
  name: (resource) => `${resource.path} to ${resource.client}`,

  probe: () => 'cat /var/lib/nfs/etab 2>/dev/null',

  read(output, resources) {
    const table = new Map<string, string[]>();
    for (const line of output.split('\n')) {
      const [, path, client, options] = /^(\S+)\s+([^(\s]+)\(([^)]*)\)/.exec(line) ?? [];
      if (path !== undefined && client !== undefined) table.set(`${path} to ${client}`, (options ?? '').split(','));
    }
    return new Map(
      resources.map((resource) => [nfsExport.name(resource), table.get(nfsExport.name(resource)) ?? 'absent']),
    );
  },

  change(resource, observed = 'absent') {
    const missing = observed === 'absent' ? [] : resource.options.filter((option) => !observed.includes(option));
    if (observed !== 'absent' && missing.length === 0) return [];
    return [
      {
        resource: ref('export', nfsExport.name(resource)),
        action: observed === 'absent' ? 'create' : 'update',
        summary: observed === 'absent' ? resource.options.join(',') : `option ${missing.join(', ')} is not in force`,
        impact: 'none',
        sh: 'exportfs -ra',
        // The file is put back by its own step; then this makes it effective.
        undo: ':',
        settle: 'exportfs -ra',
      },
    ];
  },
};
