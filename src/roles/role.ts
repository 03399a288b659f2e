import type { Cluster, Host } from '../inventory/cluster.ts';
import type { Platform } from '../platform/platform.ts';
import type { Resource } from '../resources/index.ts';
import type { Render } from '../templates/render.ts';

/**
 * The order in which a cluster is changed: each stage ends on every host before the next one starts. `prepare` changes
 * nothing: it makes sure that what follows can be done.
 */
export const stages = ['prepare', 'packages', 'base', 'storage', 'real-servers', 'directors'] as const;

/**
 * The order in which is taken away what is not wished any more, after all that is wished was brought about: nobody is sent to
 * a real server that has lost its VIP, and nothing is unmounted that still serves. Only what is in the way of something wished
 * goes before that, in its stage: see plan/in-the-way.ts.
 */
export const removals = [
  'remove-directors',
  'remove-real-servers',
  'remove-storage',
  'remove-base',
  'remove-packages',
] as const;

/** See {@link stages} and {@link removals}. */
export type Stage = (typeof stages)[number] | (typeof removals)[number];

/** What a role may use. */
export interface RoleContext {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly platform: Platform;
  readonly render: Render;
}

/** One of the things a host is in the cluster. Pure: the same cluster gives the same resources. */
export interface Role {
  readonly name: string;
  /** The stage its resources belong to; packages have their own. */
  readonly stage: Stage;
  /** Whether the host has this role. */
  applies(cluster: Cluster, host: Host): boolean;
  /** Packages that the role needs. */
  packages(context: RoleContext): readonly string[];
  /** Everything else, in the order in which it has to be done. */
  resources(context: RoleContext): readonly Resource[];
}
