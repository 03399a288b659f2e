import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A directory that has to be there. */
export interface DirectoryResource {
  readonly kind: 'directory';
  readonly path: string;
  /** Octal, as in `0755`; undefined: made with 0755, and left as it is when it is there already. */
  readonly mode: string | undefined;
}

/** What was seen at a path. */
export type DirectoryState =
  | { readonly state: 'absent' }
  | { readonly state: 'other'; readonly type: string }
  | { readonly state: 'directory'; readonly mode: string };

/** Directories: made with their parents; what is in them is nobody's business here. */
export const directory: Kind<DirectoryResource, DirectoryState> = {
  kind: 'directory',
  name: (resource) => resource.path,

  probe: (resources) =>
    `stat -L -c '%a %n|%F' -- ${resources.map((resource) => quote(resource.path)).join(' ')} 2>/dev/null`,

  read(output, resources) {
    const seen = new Map<string, DirectoryState>();
    for (const line of output.split('\n')) {
      const [, mode, path, type] = /^(\d+) ([^|]+)\|(.+)$/.exec(line) ?? [];
      if (mode === undefined || path === undefined || type === undefined) continue;
      seen.set(
        path,
        type === 'directory' ? { state: 'directory', mode: mode.padStart(4, '0') } : { state: 'other', type },
      );
    }
    return new Map(resources.map((resource) => [resource.path, seen.get(resource.path) ?? { state: 'absent' }]));
  },

  change(resource, observed = { state: 'absent' }) {
    const path = quote(resource.path);
    const mode = resource.mode ?? '0755';
    const step = { resource: ref('directory', resource.path), impact: 'none' } as const;
    switch (observed.state) {
      case 'absent':
      case 'other':
        // mkdir refuses where something else is in the way: that is for a person to move.
        return [
          {
            ...step,
            action: 'create',
            summary: mode,
            sh: `make_folder ${path} ${mode}`,
            undo: `drop_folder ${path}\n[ -z "$stays" ]`,
          },
        ];
      case 'directory':
        return resource.mode === undefined || observed.mode === mode
          ? []
          : [
              {
                ...step,
                action: 'update',
                summary: `mode ${observed.mode} → ${mode}`,
                sh: `chmod ${mode} -- ${path}`,
                undo: `chmod ${observed.mode} -- ${path}`,
              },
            ];
    }
  },

  remember: (resource, observed, earlier) => ({
    resource,
    before: earlier ? earlier.before : (observed ?? { state: 'absent' }),
  }),

  remove(resource, observed = { state: 'absent' }, before = { state: 'absent' }) {
    if (observed.state !== 'directory') return [];
    const path = quote(resource.path);
    const step = { resource: ref('directory', resource.path), impact: 'none' } as const;
    if (before.state === 'directory') {
      if (before.mode === observed.mode || resource.mode === undefined) return [];
      const [sh, undo] = [`chmod ${before.mode} -- ${path}`, `chmod ${observed.mode} -- ${path}`];
      return [{ ...step, action: 'update', summary: `mode ${observed.mode} → ${before.mode}, as it was`, sh, undo }];
    }
    return [
      {
        ...step,
        action: 'delete',
        summary: 'remove, if it is empty',
        sh: `drop_folder ${path}`,
        undo: `make_folder ${path} ${observed.mode}`,
      },
    ];
  },
};
