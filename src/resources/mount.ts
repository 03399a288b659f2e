import { quote } from '../ssh/quote.ts';
import type { ServiceManager } from '../platform/service-manager.ts';
import { isAutomount } from '../inventory/nfs.ts';
import { ref, type Kind, type Step } from './resource.ts';

/** A network file system: its line in /etc/fstab and the mount itself. */
export interface MountResource {
  readonly kind: 'mount';
  /** `SERVER:/path`. */
  readonly source: string;
  readonly path: string;
  /** fstab(5) third field. */
  readonly type: string;
  /** fstab(5) fourth field. */
  readonly options: readonly string[];
}

/** What is mounted at the path now, and its line in /etc/fstab with white space folded. */
export interface MountState {
  readonly mounted: { readonly source: string; readonly type: string; readonly options: string } | undefined;
  readonly fstab: string | undefined;
}

/** Noted for the undo: a mount that is in use is not taken away, and must not be laid over itself. */
const unmounted = ': >"$work/$step.unmounted"';

/** What is mounted, and what is meant to be; grep(1) puts the file's name in front of a line when it has two of them. */
const [mountsFile, tabFile] = ['/proc/self/mounts', '/etc/fstab'];

/** Mounts, read from /proc/self/mounts and /etc/fstab, which does not touch the server: it may be hanging. */
export const mount: Kind<MountResource, MountState> = {
  kind: 'mount',
  name: (resource) => resource.path,

  probe: () => `grep -s '^[^#]' ${mountsFile} ${tabFile}`,

  read(output, resources) {
    const mounted = new Map<string, { source: string; type: string; options: string }>();
    const fstab = new Map<string, string>();
    for (const line of output.split('\n')) {
      const origin = [mountsFile, tabFile].find((file) => line.startsWith(`${file}:`));
      if (origin === undefined) continue;
      const [source, path, type, ...rest] = line
        .slice(origin.length + 1)
        .trim()
        .split(/\s+/);
      if (source === undefined || path === undefined || type === undefined) continue;
      // The last mount over a path is the one that is seen.
      if (origin === mountsFile) mounted.set(path, { source, type, options: rest[0] ?? 'defaults' });
      else fstab.set(path, [source, path, type, ...rest].join(' '));
    }
    return new Map(resources.map(({ path }) => [path, { mounted: mounted.get(path), fstab: fstab.get(path) }]));
  },

  change(resource, observed = { mounted: undefined, fstab: undefined }, { platform }) {
    const steps: Step[] = [];
    const line = fstabLine(resource);
    const path = quote(resource.path);
    const name = ref('mount', resource.path);
    if (observed.fstab !== line) {
      steps.push({
        resource: name,
        action: observed.fstab === undefined ? 'create' : 'update',
        summary: 'at boot, in /etc/fstab',
        diff: `${observed.fstab === undefined ? '' : `-${observed.fstab}\n`}+${line}\n`,
        impact: 'none',
        ...fstab(path, line, platform.services),
      });
    }
    const automount = isAutomount(resource);
    // Until somebody looks into it, what is mounted there is the trigger alone.
    const waits = observed.mounted?.type === 'autofs';
    const right = automount
      ? waits || observed.mounted?.source === resource.source
      : observed.mounted?.source === resource.source;
    const sameOptions = observed.fstab === undefined || observed.fstab === line;
    if (right && sameOptions) return steps;
    const inTheWay = observed.mounted;
    const waited = inTheWay !== undefined && (waits || isAutomountLine(observed.fstab));
    steps.push({
      resource: name,
      action: inTheWay ? 'update' : 'create',
      summary:
        inTheWay === undefined
          ? `mount ${resource.source}${automount ? ' when it is used' : ''}`
          : again(inTheWay.source, resource.source),
      impact: inTheWay ? 'interrupt' : 'none',
      sh: [
        ...(inTheWay ? [waited ? stopAutomount(path) : `umount -- ${path}`, unmounted] : []),
        `make_folder ${path}`,
        automount ? startAutomount(path) : `patiently 20 mount -- ${path}`,
      ].join('\n'),
      ...undoing(inTheWay, path, { automount, waited }),
    });
    return steps;
  },

  remember: (resource, observed, earlier) => ({
    resource,
    before: earlier ? earlier.before : (observed ?? { mounted: undefined, fstab: undefined }),
  }),

  remove(resource, observed = { mounted: undefined, fstab: undefined }, before, { platform }) {
    const steps: Step[] = [];
    const path = quote(resource.path);
    const name = ref('mount', resource.path);
    const [now, then] = [observed.mounted, before?.mounted];
    const automount = isAutomount(resource);
    if (automount && (now?.type === 'autofs' || now?.source === resource.source) && then === undefined) {
      steps.push({
        resource: name,
        action: 'delete',
        summary: `unmount ${resource.source}, and mount it no more when it is used`,
        impact: 'interrupt',
        sh: [stopAutomount(path), `drop_folder ${path}`].join('\n'),
        undo: `make_folder ${path}\n${startAutomount(path)} || :`,
      });
    } else if (now?.source === resource.source && then?.source !== resource.source) {
      steps.push({
        resource: name,
        action: 'delete',
        summary: then === undefined ? `unmount ${now.source}` : `unmount ${now.source}, mount ${then.source} again`,
        impact: 'interrupt',
        sh: [
          `patiently 10 umount -- ${path}`,
          ...(then === undefined ? [`drop_folder ${path}`] : [mountNow(then, path)]),
        ].join('\n'),
        undo: [
          `make_folder ${path}`,
          ...(then === undefined ? [`! mountpoint -q -- ${path} || return 0`] : [`umount -- ${path} 2>/dev/null || :`]),
          mountNow(now, path),
        ].join('\n'),
      });
    }
    const [tab, old] = [observed.fstab, before?.fstab];
    if (tab !== undefined && tab !== old && tab.startsWith(`${resource.source} `)) {
      steps.push({
        resource: name,
        action: old === undefined ? 'delete' : 'update',
        summary: old === undefined ? 'no more at boot, in /etc/fstab' : 'at boot as it was, in /etc/fstab',
        diff: `-${tab}\n${old === undefined ? '' : `+${old}\n`}`,
        impact: 'none',
        ...fstab(path, old, platform.services),
      });
    }
    return steps;
  },
};

/** Gives /etc/fstab one line for a path, or none. */
function fstab(path: string, line: string | undefined, services: ServiceManager): Pick<Step, 'sh' | 'undo'> {
  return {
    sh: [
      'keep /etc/fstab',
      'new /etc/fstab',
      `{ awk -v path=${path} '$1 ~ /^#/ || $2 != path' /etc/fstab 2>/dev/null || [ ! -e /etc/fstab ]; } >"$new"`,
      ...(line === undefined ? [] : [`echo ${quote(line)} >>"$new"`]),
      'swap /etc/fstab 0644 root:root',
      services.reread('end'),
    ].join('\n'),
    undo: `put_back /etc/fstab\n${services.reread('end')}`,
  };
}

/** The unit that systemd makes of a line with x-systemd.automount; `path` is quoted. */
function automountUnit(path: string): string {
  return `"$(systemd-escape --path --suffix=automount -- ${path})"`;
}

/** Starts an automount; its line in /etc/fstab may be new. */
function startAutomount(path: string): string {
  return `catch_up end\nsystemctl start -- ${automountUnit(path)}`;
}

/** Ends an automount and what it had mounted. */
function stopAutomount(path: string): string {
  return `systemctl stop -- ${automountUnit(path)}\n! mountpoint -q -- ${path} || umount -- ${path}`;
}

function isAutomountLine(line: string | undefined): boolean {
  return line !== undefined && /[ ,]x-systemd\.automount[ ,]/.test(line);
}

/** An automount that was there before starts again once its line is back in /etc/fstab, which is after this step was undone. */
function undoing(
  inTheWay: MountState['mounted'],
  path: string,
  { automount, waited }: { readonly automount: boolean; readonly waited: boolean },
): Pick<Step, 'undo' | 'settle'> {
  const stop = automount ? [`systemctl stop -- ${automountUnit(path)} 2>/dev/null || :`] : [];
  const unmount = `! mountpoint -q -- ${path} || umount -- ${path}`;
  if (inTheWay === undefined) return { undo: [...stop, unmount, `drop_folder ${path}`].join('\n') };
  const guard = '[ -e "$work/$step.unmounted" ] || return 0';
  if (waited) return { undo: [guard, ...stop, unmount].join('\n'), settle: startAutomount(path) };
  return { undo: [guard, ...stop, `umount -- ${path} 2>/dev/null || :`, mountNow(inTheWay, path)].join('\n') };
}

function mountNow({ type, options, source }: NonNullable<MountState['mounted']>, path: string): string {
  return `mount -t ${quote(type)} -o ${quote(options)} -- ${quote(source)} ${path}`;
}

function again(was: string, wished: string): string {
  return was === wished ? 'mounted anew with other options' : `${was} → ${wished}, mounted anew`;
}

function fstabLine(resource: MountResource): string {
  return [resource.source, resource.path, resource.type, resource.options.join(','), 0, 0].join(' ');
}
