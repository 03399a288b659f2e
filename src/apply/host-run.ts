import type { Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import type { HostFailure } from './failure.ts';

/** A stage of a run on one host, as far as it is known. */
export class HostStage {
  readonly stage: Stage;
  readonly position: number;
  readonly steps: readonly Step[];
  /** The step that was begun last, -1 before the first one. */
  begun = -1;
  readonly finished = new Set<number>();
  /** Steps that the host looked at when it undid the stage, all of those that were begun. */
  readonly reviewed = new Set<number>();
  readonly undone = new Set<number>();

  constructor(stage: Stage, position: number, steps: readonly Step[]) {
    this.stage = stage;
    this.position = position;
    this.steps = steps;
  }
}

/** What a run did on one host, stage after stage: what stays, and after a failure what was put back. */
export class HostRun {
  readonly host: string;
  readonly stages: HostStage[] = [];

  constructor(host: string) {
    this.host = host;
  }

  /** Begins the next stage. */
  begin(stage: Stage, steps: readonly Step[]): HostStage {
    const next = new HostStage(stage, this.stages.length, steps);
    this.stages.push(next);
    return next;
  }

  /** A host's word that it undid a step. */
  undone(position: number, step: number, code: number): void {
    const stage = this.stages[position];
    stage?.reviewed.add(step);
    if (code === 0 && stage?.steps[step]?.undo !== undefined) stage.undone.add(step);
  }

  /** Steps that were done and stay done. */
  get done(): { readonly host: string; readonly stage: Stage; readonly step: Step }[] {
    return this.stages.flatMap(({ stage, steps, finished, undone }) =>
      steps.flatMap((step, index) =>
        finished.has(index) && !undone.has(index) ? [{ host: this.host, stage, step }] : [],
      ),
    );
  }

  /** A failure with how the host was left. */
  failure(stage: Stage, step: Step | undefined, cause: HostFailure['cause'], output: readonly string[]): HostFailure {
    // A reload changes nothing by itself; what it took up is listed with its file.
    const touched = this.stages.flatMap(({ steps, begun, finished, reviewed, undone }) =>
      steps.flatMap((one, index) =>
        one.action !== 'run' && (finished.has(index) || reviewed.has(index) || index === begun)
          ? [{ one, back: undone.has(index) }]
          : [],
      ),
    );
    const named = (back: boolean): string[] => [
      ...new Set(touched.filter((one) => one.back === back).map(({ one }) => one.resource)),
    ];
    const kept = named(false);
    return {
      host: this.host,
      stage,
      step,
      cause,
      output,
      undone: named(true).filter((one) => !kept.includes(one)),
      kept,
    };
  }
}
