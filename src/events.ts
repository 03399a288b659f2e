import type { DrillStatus, Measure } from './drill/result.ts';
import type { Step } from './resources/resource.ts';
import type { Stage } from './roles/role.ts';
import type { ConnectFailure, ConnectStep } from './ssh/connection.ts';
import type { ObserveFailure } from './observe/observe.ts';
import type { HostFailure } from './apply/failure.ts';

/** Everything that happens during a run. Only src/ui and the reports make sentences of it. */
export type Event =
  | { readonly type: 'connecting'; readonly hosts: readonly string[] }
  | { readonly type: 'connect-step'; readonly host: string; readonly step: ConnectStep }
  | { readonly type: 'connected'; readonly host: string }
  | { readonly type: 'connect-failed'; readonly failure: ConnectFailure }
  | { readonly type: 'asked'; readonly host: string }
  | { readonly type: 'answered'; readonly host: string }
  | { readonly type: 'observed'; readonly host: string }
  | { readonly type: 'observe-failed'; readonly failure: ObserveFailure }
  | { readonly type: 'stage-started'; readonly stage: Stage; readonly hosts: number; readonly steps: number }
  | { readonly type: 'stage-ended'; readonly stage: Stage; readonly failed: readonly string[] }
  | { readonly type: 'step-started'; readonly stage: Stage; readonly host: string; readonly step: Step }
  | { readonly type: 'step-done'; readonly stage: Stage; readonly host: string; readonly step: Step }
  | { readonly type: 'step-note'; readonly stage: Stage; readonly host: string; readonly text: string }
  | { readonly type: 'host-done'; readonly stage: Stage; readonly host: string }
  | { readonly type: 'host-failed'; readonly failure: HostFailure }
  | { readonly type: 'interrupted' }
  | { readonly type: 'locking'; readonly text: string }
  | { readonly type: 'draining'; readonly text: string }
  | { readonly type: 'probing'; readonly text: string }
  | { readonly type: 'drilling'; readonly drill: string; readonly text: string }
  | {
      readonly type: 'drilled';
      readonly drill: string;
      readonly status: DrillStatus;
      readonly reasons: readonly string[];
      readonly measures: readonly Measure[];
    };

/** Takes events in; must not throw. */
export type Listener = (event: Event) => void;
