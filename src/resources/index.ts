import { address, type AddressResource } from './address.ts';
import { directory, type DirectoryResource } from './directory.ts';
import { nfsExport, type ExportResource } from './export.ts';
import { firewallOpening, type FirewallOpeningResource } from './firewall-opening.ts';
import { file, type FileResource } from './file.ts';
import { kernelModule, type KernelModuleResource } from './kernel-module.ts';
import { link, type LinkResource } from './link.ts';
import { maskedUnit, type MaskedUnitResource } from './masked-unit.ts';
import { mount, type MountResource } from './mount.ts';
import { packages, type PackageResource } from './package.ts';
import { receivePort, type ReceivePortResource } from './receive-port.ts';
import { packetMarks, type PacketMarksResource } from './packet-marks.ts';
import type { Kind } from './resource.ts';
import { route, type RouteResource } from './route.ts';
import { routingRule, type RoutingRuleResource } from './routing-rule.ts';
import { segmentSize, type SegmentSizeResource } from './segment-size.ts';
import { selinuxBoolean, type SelinuxBooleanResource } from './selinux-boolean.ts';
import { service, type ServiceResource } from './service.ts';
import { sysctl, type SysctlResource } from './sysctl.ts';

/** One piece of a host's state as it should be. */
export type Resource =
  | AddressResource
  | DirectoryResource
  | ExportResource
  | FileResource
  | FirewallOpeningResource
  | KernelModuleResource
  | LinkResource
  | MaskedUnitResource
  | MountResource
  | PackageResource
  | PacketMarksResource
  | ReceivePortResource
  | RouteResource
  | RoutingRuleResource
  | SegmentSizeResource
  | SelinuxBooleanResource
  | ServiceResource
  | SysctlResource;

/** Every kind of resource. A new kind is a file beside this one and a line here. */
export const kinds: Readonly<Record<Resource['kind'], Kind<Resource, unknown>>> = {
  package: packages,
  directory: directory,
  file: file,
  'kernel-module': kernelModule,
  link: link,
  sysctl: sysctl,
  'receive-port': receivePort,
  address: address,
  'routing-rule': routingRule,
  route: route,
  'segment-size': segmentSize,
  'masked-unit': maskedUnit,
  mount: mount,
  export: nfsExport,
  'selinux-boolean': selinuxBoolean,
  'firewall-opening': firewallOpening,
  service: service,
  'packet-marks': packetMarks,
};
