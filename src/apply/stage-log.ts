import type { Listener } from '../events.ts';
import { printable } from '../ssh/printable.ts';
import type { HostRun, HostStage } from './host-run.ts';
import { readProgress } from './script.ts';

/** Output lines of a step that are kept for the end. */
const keptLines = 12;

/** Follows the script of a stage on one host, line by line, and writes into the host's run what it tells. */
export class StageLog {
  readonly #run: HostRun;
  readonly #stage: HostStage;
  readonly #nonce: string;
  readonly #listen: Listener;
  #output: string[] = [];
  /** The step that failed and its exit code. */
  failed: { readonly step: number; readonly code: number } | undefined;
  /** Whether the script came to its end. */
  ended = false;

  constructor(run: HostRun, stage: HostStage, nonce: string, listen: Listener) {
    this.#run = run;
    this.#stage = stage;
    this.#nonce = nonce;
    this.#listen = listen;
  }

  /** The last lines that the step printed, and what else there is to say. */
  output(stderr = ''): string[] {
    return [...this.#output, ...printable(stderr).trim().split('\n').filter(Boolean)].slice(-keptLines);
  }

  line(line: string): void {
    const progress = readProgress(line, this.#nonce);
    const { stage, steps, finished } = this.#stage;
    const place = { stage, host: this.#run.host };
    switch (progress?.type) {
      case undefined:
        if (line.trim() !== '' && this.failed === undefined)
          this.#output = [...this.#output, printable(line)].slice(-keptLines);
        return;
      case 'start': {
        const step = steps[progress.step];
        this.#stage.begun = progress.step;
        this.#output = [];
        if (step) this.#listen({ type: 'step-started', ...place, step });
        return;
      }
      case 'ok': {
        const step = steps[progress.step];
        finished.add(progress.step);
        if (step) this.#listen({ type: 'step-done', ...place, step });
        return;
      }
      case 'failed':
        this.failed = progress;
        return;
      case 'undone':
        this.#run.undone(progress.stage, progress.step, progress.code);
        return;
      case 'note':
        this.#listen({ type: 'step-note', ...place, text: printable(progress.text) });
        return;
      case 'end':
        this.ended = true;
        return;
      case 'settled':
      case 'refused':
        return;
    }
  }
}
