/** Virtual hosts with real kernels: the lab on which an inventory is tried out. See docs/lab.md. */
export { down } from './down.ts';
export { environment } from './environment.ts';
export { execIn } from './exec.ts';
export { LabFailure } from './failure.ts';
export { delay, freeze, plug, poweroff, poweron, thaw, unplug } from './faults.ts';
export { labPassword, suites, systems, type ImageKind, type Suite, type System } from './image/recipe.ts';
export type { Lab } from './record.ts';
export { labSpec, type LabHost, type LabSpec } from './spec.ts';
export { status, type HostStatus } from './status.ts';
export { ready, up } from './up.ts';
