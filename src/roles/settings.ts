import type { FileResource } from '../resources/file.ts';
import type { Resource } from '../resources/index.ts';
import type { KernelModuleResource } from '../resources/kernel-module.ts';
import { ref } from '../resources/resource.ts';
import type { ServiceResource } from '../resources/service.ts';
import type { RoleContext } from './role.ts';

/** What every template is given, besides its own data. */
export function common({ cluster, host }: RoleContext): Record<string, unknown> {
  const inventory = cluster.inventory.file.slice(cluster.inventory.file.lastIndexOf('/') + 1);
  return { inventory, cluster: cluster.name, host: host.name, vars: host.vars };
}

/** A file whose text comes from a template; root's, 0644, unless said otherwise. */
export function templateFile(
  context: RoleContext,
  path: string,
  template: string,
  data: Readonly<Record<string, unknown>>,
  more: Partial<Pick<FileResource, 'mode' | 'validate' | 'then' | 'listens' | 'mask'>> = {},
): Resource {
  const content = context.render(template, { ...common(context), ...data });
  return { kind: 'file', path, content, mode: '0644', owner: 'root', group: 'root', ...more };
}

/** A unit of our own that runs a script at boot, and again when the script changes. */
export function scriptUnit(
  context: RoleContext,
  name: string,
  script: string,
): { readonly file: Resource; readonly service: ServiceResource } {
  const { services } = context.platform;
  const { unit, path, template, mode } = services.own(name);
  return {
    file: templateFile(context, path, template, { script }, { mode, then: services.reread('start') }),
    service: {
      kind: 'service',
      unit,
      reloadOn: [ref('file', script)],
      restartOn: [],
      configuration: [script],
      listens: [],
    },
  };
}

/** A file that only root may read, and that no plan or report shows. */
export function secretFile(path: string, content: string, more: { validate?: string } = {}): Resource {
  return { kind: 'file', path, content, mode: '0600', owner: 'root', group: 'root', mask: 'all', ...more };
}

/**
 * Kernel parameters for now and for every boot. The file's name makes it the last that systemd-sysctl reads, after
 * /etc/sysctl.conf (99-sysctl.conf): the last one wins, sysctl.d(5).
 */
export function sysctls(context: RoleContext, role: string, values: Readonly<Record<string, string>>): Resource[] {
  const list = Object.entries(values).map(([key, value]) => ({ key, value }));
  if (list.length === 0) return [];
  return [
    templateFile(context, `/etc/sysctl.d/99-zz-lvsctl-${role}.conf`, 'sysctl.conf', { values: list }),
    ...list.map(({ key, value }): Resource => ({ kind: 'sysctl', key, value })),
  ];
}

/** Kernel modules for now and for every boot, modules-load.d(5). */
export function kernelModules(
  context: RoleContext,
  role: string,
  wishes: readonly (string | Omit<KernelModuleResource, 'kind'>)[],
): Resource[] {
  const modules = wishes.map((wish) => (typeof wish === 'string' ? { module: wish } : wish));
  return [
    templateFile(context, `/etc/modules-load.d/lvsctl-${role}.conf`, 'modules.conf', {
      modules: modules.map(({ module }) => module),
    }),
    ...modules.map((wish): Resource => ({ kind: 'kernel-module', ...wish })),
  ];
}
