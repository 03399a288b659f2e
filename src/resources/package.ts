import type { Platform } from '../platform/platform.ts';
import { ref, type Kind, type Step } from './resource.ts';

/** All packages that are wished or not wished on a host: one resource, so that they are installed at once. */
export interface PackageResource {
  readonly kind: 'package';
  readonly present: readonly string[];
  readonly absent: readonly string[];
  /** Units of these packages that are started later, when they have their configuration. */
  readonly later: readonly string[];
}

/** Versions by package name. */
export interface PackageState {
  readonly installed: ReadonlyMap<string, string>;
  /** What could be installed from the lists that the host already has. */
  readonly candidates: ReadonlyMap<string, string>;
}

/** Packages, by the host's own package manager and from its own sources. */
export const packages: Kind<PackageResource, PackageState> = {
  kind: 'package',
  name: () => 'all',

  probe(resources, platform) {
    const names = resources.flatMap((resource) => [...resource.present, ...resource.absent]);
    if (names.length === 0) return ':';
    const wished = resources.flatMap((resource) => resource.present);
    const manager = platform.packageManager;
    // Candidates cost a second: they are asked for only when something is missing.
    return [
      `installed=$(${manager.query(names)})`,
      `while read -r one; do echo "installed $one"; done <<end\n$installed\nend`,
      `missing=0; for name in ${wished.join(' ')}; do case "\n$installed" in *"\n$name "*) ;; *) missing=1;; esac; done`,
      `[ $missing = 0 ] || { ${manager.candidates(wished)} | sed 's/^/candidate /'; }`,
    ].join('\n');
  },

  read(output, resources) {
    const state = { installed: new Map<string, string>(), candidates: new Map<string, string>() };
    for (const line of output.split('\n')) {
      const [, list, name, version] = /^(installed|candidate) (\S+) (\S+)$/.exec(line) ?? [];
      if (name === undefined || version === undefined) continue;
      (list === 'installed' ? state.installed : state.candidates).set(name, version);
    }
    return new Map(resources.map(() => ['all', state]));
  },

  change(resource, observed = { installed: new Map(), candidates: new Map() }, { platform }) {
    const missing = resource.present.filter((name) => !observed.installed.has(name));
    const unwanted = resource.absent.filter((name) => observed.installed.has(name));
    return [...install(resource, missing, unwanted, observed, platform), ...uninstall(unwanted, platform)];
  },

  // Those that were missing are ours, now and at any later time.
  // What was there before, and what is only wished away, is not lvsctl's to take away.
  remember(resource, observed, earlier) {
    const ours = [
      ...(earlier?.resource.present ?? []),
      ...resource.present.filter((name) => !observed?.installed.has(name)),
    ];
    if (ours.length === 0) return undefined;
    return { resource: { ...resource, present: [...new Set(ours)], absent: [] }, before: undefined };
  },

  remove(resource, observed, _before, { platform, removePackages }) {
    const installed = resource.present.filter((name) => observed?.installed.has(name));
    return removePackages ? uninstall(installed, platform) : [];
  },
};

/** The step that makes sure, before any host is changed, that its packages can be installed; undefined: nothing to do. */
export function preparePackages(
  resource: PackageResource,
  observed: PackageState | undefined,
  platform: Platform,
): Step | undefined {
  const missing = resource.present.filter((name) => !observed?.installed.has(name));
  const unwanted = resource.absent.filter((name) => observed?.installed.has(name));
  if (missing.length + unwanted.length === 0) return undefined;
  return {
    resource: ref('package', 'lists'),
    action: 'run',
    summary: `refresh the package lists, make sure that ${[...missing, ...unwanted].join(', ')} can be had`,
    impact: 'none',
    sh: platform.packageManager.prepare(missing, unwanted),
    undo: ':',
  };
}

function install(
  { later }: PackageResource,
  missing: readonly string[],
  unwanted: readonly string[],
  observed: PackageState,
  platform: Platform,
): Step[] {
  if (missing.length === 0) return [];
  return [
    {
      resource: ref('package', missing.join(' ')),
      action: 'create',
      summary: missing
        .map((name) => observed.candidates.get(name) ?? 'newest')
        .map((version, index) => (missing.length > 1 ? `${missing[index] ?? ''} ${version}` : version))
        .join(', '),
      impact: unwanted.length > 0 ? 'interrupt' : 'none',
      sh: platform.packageManager.install(missing, later),
      undo: undefined,
    },
  ];
}

function uninstall(unwanted: readonly string[], platform: Platform): Step[] {
  if (unwanted.length === 0) return [];
  return [
    {
      resource: ref('package', unwanted.join(' ')),
      action: 'delete',
      summary: 'remove, configuration files stay',
      impact: 'interrupt',
      sh: platform.packageManager.remove(unwanted),
      undo: undefined,
    },
  ];
}
