import { createHash } from 'node:crypto';
import { quote } from '../ssh/quote.ts';
import { entryId } from '../manifest/entry-id.ts';
import { unifiedDiff, type Mask } from './diff.ts';
import { ref, type Kind, type ResourceRef, type Step } from './resource.ts';

/** A regular file with known content, or the absence of one. */
export interface FileResource {
  readonly kind: 'file';
  readonly path: string;
  /** Undefined: nothing may be at this path. */
  readonly content: string | undefined;
  /** Octal, as in `0644`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** sh that fails when the candidate must not be used; `$new` is its path, in the folder of the file it will replace. */
  readonly validate?: string;
  /** sh run after the file was swapped, and again after it was put back. */
  readonly then?: string;
  /** For a file that must not be there: the resource that may bring it, so that it is not known before that is applied. */
  readonly broughtBy?: ResourceRef;
  /** Ports that a program listens on because of it. */
  readonly listens?: readonly number[];
  /** What to hide in a diff besides the secrets known to this process. */
  readonly mask?: Mask;
}

/** What was seen at a path. */
export type FileState =
  | { readonly state: 'absent' }
  | { readonly state: 'other'; readonly type: string }
  | {
      readonly state: 'file';
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
      /** Undefined: it is as wished. Null: larger than 256 KiB, or not text. */
      readonly content: string | null | undefined;
    };

const maxContent = 256 * 1024;

/** SHA-256 of a text's UTF-8 bytes, hex, as sha256sum(1) prints it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Files: observed by one stat(1) and one sha256sum(1) for all; only a file that differs sends its content. */
export const file: Kind<FileResource, FileState> = {
  kind: 'file',
  name: (resource) => resource.path,

  probe(resources) {
    const paths = resources.map((resource) => quote(resource.path)).join(' ');
    const wished = resources.filter((resource) => resource.content !== undefined);
    const sums = wished.map((resource) => quote(resource.path)).join(' ');
    const compare = wished.map(
      (resource) =>
        `case "$sums" in *${quote(`${sha256(resource.content ?? '')}  ${resource.path}`)}"$nl"*) ;; *) show ${quote(resource.path)};; esac`,
    );
    return [
      `stat -c 'stat %a %U %G %n|%F' -- ${paths} 2>/dev/null`,
      ...(wished.length === 0
        ? []
        : [
            `nl='\n'`,
            // Regular files only: reading a pipe that nobody writes to would never end.
            `sums=$(set --; for path in ${sums}; do [ ! -f "$path" ] || set -- "$@" "$path"; done; [ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null)$nl`,
            `show() { [ ! -f "$1" ] || { printf 'content %s|' "$1"; head -c ${maxContent + 1} -- "$1" | base64 -w 0; echo; }; }`,
            ...compare,
          ]),
    ].join('\n');
  },

  read(output, resources) {
    const contents = new Map<string, string | null>();
    const stats = new Map<string, FileState>();
    for (const line of output.split('\n')) {
      const content = /^content ([^|]+)\|(.*)$/.exec(line);
      if (content?.[1] !== undefined) contents.set(content[1], decode(content[2] ?? ''));
    }
    for (const line of output.split('\n')) {
      const [, mode, owner, group, path, type] = /^stat (\d+) (\S+) (\S+) ([^|]+)\|(.+)$/.exec(line) ?? [];
      if (mode === undefined || owner === undefined || group === undefined || path === undefined) continue;
      const regular = type === 'regular file' || type === 'regular empty file';
      stats.set(
        path,
        regular
          ? { state: 'file', mode: mode.padStart(4, '0'), owner, group, content: contents.get(path) }
          : { state: 'other', type: type ?? 'unknown' },
      );
    }
    return new Map(resources.map((resource) => [resource.path, stats.get(resource.path) ?? { state: 'absent' }]));
  },

  change(resource, observed = { state: 'absent' }, context) {
    if (resource.content === undefined) {
      if (observed.state !== 'absent') return [remove(resource, observed.state === 'other' ? observed.type : 'file')];
      const mayCome = resource.broughtBy !== undefined && context.changed(resource.broughtBy);
      return mayCome ? [remove(resource, 'file, if the package brings it')] : [];
    }
    if (observed.state === 'file') return update(resource, resource.content, observed);
    const replaced = observed.state === 'other' ? `, replaces a ${observed.type}` : '';
    return [
      {
        resource: ref('file', resource.path),
        action: 'create',
        summary: `${resource.mode} ${resource.owner}:${resource.group}, ${lines(resource.content)}${replaced}`,
        diff: unifiedDiff(resource.path, '', resource.content, resource.mask),
        impact: 'none',
        sh: write(resource, resource.content),
        undo: putBack(resource),
      },
    ];
  },

  // What it replaces is kept on the host itself: it may be secret, and a package may bring it after this was decided.
  remember: ({ kind, path, content, mode, owner, group, then, listens, mask }) => ({
    resource: {
      kind,
      path,
      content: content === undefined ? undefined : '',
      mode,
      owner,
      group,
      ...(then === undefined ? {} : { then }),
      ...(listens === undefined ? {} : { listens }),
      ...(mask === undefined ? {} : { mask }),
    },
    before: undefined,
  }),
  original: (resource) => resource.path,
  keptAs: (resource, path) => ({ ...resource, path, content: '' }),

  remove(resource, observed = { state: 'absent' }, before = { state: 'absent' }) {
    if (resource.content === undefined && observed.state !== 'absent') return [];
    if (before.state === 'absent') return observed.state === 'absent' ? [] : [taken(resource, observed)];
    return same(observed, before) ? [] : [restored(resource, observed, before)];
  },
};

/** Of a file that is read to be taken away, the content is known but for an empty one: that is what was asked for. */
function contentOf(state: FileState): string | null {
  if (state.state !== 'file') return '';
  return state.content === undefined ? '' : state.content;
}

function same(one: FileState, other: FileState): boolean {
  if (one.state !== 'file' || other.state !== 'file') return one.state === other.state;
  const equal = one.mode === other.mode && one.owner === other.owner && one.group === other.group;
  return equal && contentOf(one) === contentOf(other) && contentOf(one) !== null;
}

function taken(resource: FileResource, observed: FileState): Step {
  const content = contentOf(observed);
  const diff = content === null || content === '' ? '' : unifiedDiff(resource.path, content, '', resource.mask);
  return {
    ...remove(resource, observed.state === 'other' ? observed.type : 'file'),
    ...(diff === '' ? {} : { diff }),
    sh: [`keep ${quote(resource.path)}`, `clear_away ${quote(resource.path)}`, ...followed(resource)].join('\n'),
  };
}

function restored(resource: FileResource, observed: FileState, before: FileState): Step {
  const path = quote(resource.path);
  const [from, to] = [contentOf(observed), contentOf(before)];
  const diff = from === null || to === null ? '' : unifiedDiff(resource.path, from, to, resource.mask);
  return {
    resource: ref('file', resource.path),
    action: observed.state === 'absent' ? 'create' : 'update',
    summary: `put back the ${before.state === 'other' ? before.type : 'file'} that was there before`,
    ...(diff === '' ? {} : { diff }),
    impact: 'none',
    sh: [`keep ${path}`, `restore_original ${path} ${entryId(ref('file', resource.path))}`, ...followed(resource)].join(
      '\n',
    ),
    undo: putBack(resource),
  };
}

/** What makes the absence effective. The program that did so may be gone by now, and there is nothing left to be effective then. */
function followed({ then }: FileResource): string[] {
  return then === undefined ? [] : [`{ ${then}; } || note ${quote(`"${then}" failed`)}`];
}

function update(resource: FileResource, content: string, observed: FileState & { state: 'file' }): Step[] {
  const changes: string[] = [];
  let diff = '';
  if (observed.content !== undefined && observed.content !== content) {
    const before = observed.content;
    diff = before === null ? '' : unifiedDiff(resource.path, before, content, resource.mask);
    changes.push(diff === '' ? (before === null ? 'content (was not text)' : 'content (a secret)') : 'content');
  }
  if (observed.mode !== resource.mode) changes.push(`mode ${observed.mode} → ${resource.mode}`);
  const [was, wished] = [`${observed.owner}:${observed.group}`, `${resource.owner}:${resource.group}`];
  if (was !== wished) changes.push(`owner ${was} → ${wished}`);
  if (changes.length === 0) return [];
  return [
    {
      resource: ref('file', resource.path),
      action: 'update',
      summary: changes.join(', '),
      ...(diff === '' ? {} : { diff }),
      impact: 'none',
      sh: write(resource, content),
      undo: putBack(resource),
    },
  ];
}

function remove(resource: FileResource, what: string): Step {
  return {
    resource: ref('file', resource.path),
    action: 'delete',
    summary: `remove the ${what}`,
    impact: 'none',
    sh: [
      `keep ${quote(resource.path)}`,
      `clear_away ${quote(resource.path)}`,
      ...(resource.then ? [resource.then] : []),
    ].join('\n'),
    undo: putBack(resource),
  };
}

function write(resource: FileResource, content: string): string {
  const path = quote(resource.path);
  return [
    `keep ${path}`,
    `new ${path}`,
    `printf '%s' ${quote(content)} >"$new"`,
    ...(resource.validate ? [resource.validate] : []),
    `swap ${path} ${quote(resource.mode)} ${quote(`${resource.owner}:${resource.group}`)}`,
    ...(resource.then ? [resource.then] : []),
  ].join('\n');
}

function putBack(resource: FileResource): string {
  return [`put_back ${quote(resource.path)}`, ...(resource.then ? [resource.then] : [])].join('\n');
}

function lines(content: string): string {
  const count = content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}

function decode(base64: string): string | null {
  const bytes = Buffer.from(base64, 'base64');
  const text = bytes.toString('utf8');
  return bytes.length > maxContent || text.includes('\0') || text.includes('\uFFFD') ? null : text;
}
