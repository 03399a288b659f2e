import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A kernel module that has to be loaded now; that it is loaded at boot is the business of a file in /etc/modules-load.d. */
export interface KernelModuleResource {
  readonly kind: 'kernel-module';
  readonly module: string;
  /** What needs it, in words: `the scheduler mh of www`. */
  readonly neededBy?: string;
}

/** A module that the running kernel does not have at all. */
export interface MissingModule {
  /** Those it has whose names begin alike, as the schedulers of IPVS do: `ip_vs_`. */
  readonly similar: readonly string[];
}

/** How a module was seen; `absent` is not loaded, and there as far as one can tell without loading it. */
export type KernelModuleState = 'loaded' | 'absent' | MissingModule;

/**
 * Kernel modules: in /sys/module when loaded, or built into the kernel, or listed by depmod(8). Nothing is asked beyond
 * /sys/module when all are loaded.
 */
export const kernelModule: Kind<KernelModuleResource, KernelModuleState> = {
  kind: 'kernel-module',
  name: (resource) => resource.module,

  probe(resources) {
    const names = resources.map(({ module }) => quote(plainName(module))).join(' ');
    return [
      'unloaded=',
      `for name in ${names}; do`,
      '  if [ -d "/sys/module/$name" ]; then echo "loaded $name"; else unloaded="$unloaded $name"; fi',
      'done',
      'if [ -n "$unloaded" ]; then',
      'read -r _ _ release _ </proc/version',
      'folder=/lib/modules/$release',
      'builtin=$(sed y/-/_/ "$folder/modules.builtin" 2>/dev/null)',
      // `kernel/net/netfilter/ipvs/ip_vs_wrr.ko.xz: …`, by name alone.
      `all=$(sed -n -e y/-/_/ -e 's|^[^:]*/\\([^/:]*\\)\\.ko[^/:]*:.*|\\1|p' "$folder/modules.dep" 2>/dev/null)`,
      'for name in $unloaded; do',
      `  case "$builtin" in *"/$name.ko"*) echo "loaded $name"; continue ;; esac`,
      `  case "\n$all\n" in "\n\n" | *"\n$name\n"*) continue ;; esac`,
      '  echo "missing $name" $(echo "$all" | grep "^${name%_*}_")',
      'done',
      'fi',
    ].join('\n');
  },

  read(output, resources) {
    const states = new Map<string, KernelModuleState>();
    for (const line of output.split('\n')) {
      const [state, name = '', ...similar] = line.split(' ');
      if (state === 'loaded') states.set(name, 'loaded');
      if (state === 'missing') states.set(name, { similar: similar.sort() });
    }
    return new Map(resources.map(({ module }) => [module, states.get(plainName(module)) ?? 'absent']));
  },

  change(resource, observed) {
    if (observed === 'loaded') return [];
    const name = quote(resource.module);
    return [
      {
        resource: ref('kernel-module', resource.module),
        action: 'create',
        summary: 'load',
        impact: 'none',
        sh: `modprobe -- ${name}`,
        // A module that something uses by now stays: it does no harm.
        // It stays where something uses it by now; nothing else depends on that.
        undo: `modprobe -r -- ${name} 2>/dev/null`,
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'absent') }),

  remove(resource, observed = 'absent', before = 'absent') {
    if (before === 'loaded' || observed === 'absent') return [];
    const name = quote(resource.module);
    const loaded = `[ -d ${quote(`/sys/module/${plainName(resource.module)}`)} ]`;
    return [
      {
        resource: ref('kernel-module', resource.module),
        action: 'delete',
        summary: 'unload, unless something else uses it',
        impact: 'none',
        sh: `! ${loaded} || modprobe -r -- ${name} 2>/dev/null || note "the module "${name}" stays: something else uses it"`,
        undo: `modprobe -- ${name}`,
      },
    ];
  },
};

/** The kernel takes `-` and `_` for the same in names of modules, and shows `_`. */
function plainName(module: string): string {
  return module.replaceAll('-', '_');
}
