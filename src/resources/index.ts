import { address } from './address.ts';
import { directory } from './directory.ts';
import { nfsExport } from './export.ts';
import { file } from './file.ts';
import { kernelModule } from './kernel-module.ts';
import { mount } from './mount.ts';
import { packages } from './package.ts';
import type { Kind, Resource } from './resource.ts';
import { service } from './service.ts';
import { sysctl } from './sysctl.ts';

/** Every kind of resource. A new kind is a file beside this one and a line here. */
export const kinds: Readonly<Record<Resource['kind'], Kind<Resource, unknown>>> = {
  package: packages,
  directory: directory,
  file: file,
  'kernel-module': kernelModule,
  sysctl: sysctl,
  address: address,
  mount: mount,
  export: nfsExport,
  service: service,
};
