import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A kernel module that has to be loaded now; that it is loaded at boot is the business of a file in /etc/modules-load.d. */
export interface KernelModuleResource {
  readonly kind: 'kernel-module';
  readonly module: string;
}

/** Kernel modules: in /sys/module when loaded, or built into the kernel. */
export const kernelModule: Kind<KernelModuleResource, 'loaded' | 'absent'> = {
  kind: 'kernel-module',
  name: (resource) => resource.module,

  probe(resources) {
    const names = resources.map((resource) => quote(resource.module.replaceAll('-', '_'))).join(' ');
    return [
      'builtin=/lib/modules/$(uname -r)/modules.builtin',
      `for name in ${names}; do`,
      '  if [ -d "/sys/module/$name" ] || grep -q "/$name\\.ko" "$builtin" 2>/dev/null; then echo "$name"; fi',
      'done',
    ].join('\n');
  },

  read(output, resources) {
    const loaded = new Set(output.split('\n'));
    return new Map(
      resources.map(({ module }) => [module, loaded.has(module.replaceAll('-', '_')) ? 'loaded' : 'absent']),
    );
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
        undo: `modprobe -r -- ${name} || :`,
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'absent') }),

  remove(resource, observed = 'absent', before = 'absent') {
    if (before === 'loaded' || observed === 'absent') return [];
    const name = quote(resource.module);
    const loaded = `[ -d ${quote(`/sys/module/${resource.module.replaceAll('-', '_')}`)} ]`;
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
