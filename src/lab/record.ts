import { readFileSync } from 'node:fs';
import { layout, type Layout } from './layout.ts';
import type { ImageKind, System } from './image/recipe.ts';
import type { LabSpec } from './spec.ts';
import type { Topology } from './topology.ts';

/** What a lab is, as written into its state folder when it was made. Nothing in it changes until it is taken down. */
export interface LabRecord {
  readonly version: 2;
  readonly spec: LabSpec;
  readonly image: ImageKind;
  /** What the hosts of each system start from. */
  readonly bases: Readonly<Partial<Record<System, HostBase>>>;
  /** MiB a host. */
  readonly memory: number;
  readonly topology: Topology;
  /** Absolute path of the inventory that the hosts are of, if there is one: the default of lvsctl inside the lab. */
  readonly inventory?: string | undefined;
}

/** A kernel, and the image under the disks of the hosts that it runs: the image has the kernel's modules. */
export interface HostBase {
  readonly kernel: string;
  readonly disk: string;
}

/** A lab that exists, whether or not anything of it still runs. */
export interface Lab {
  readonly folder: string;
  /** Network namespace, as in `ip netns`. */
  readonly namespace: string;
  readonly hosts: LabSpec['hosts'];
  readonly image: ImageKind;
  readonly layout: Layout;
  readonly record: LabRecord;
}

/** The lab of a state folder; undefined when there is none. */
export function openLab(folder: string): Lab | undefined {
  const paths = layout(folder);
  const record = readRecord(paths.record);
  return record === undefined ? undefined : labOf(paths, record);
}

/** A lab by its record. */
export function labOf(paths: Layout, record: LabRecord): Lab {
  const { folder, namespace } = paths;
  return { folder, namespace, hosts: record.spec.hosts, image: record.image, layout: paths, record };
}

function readRecord(file: string): LabRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LabRecord;
  } catch {
    return undefined;
  }
}
