import { DefaultRenderer, Listr, ListrLogger, ProcessOutput, type ListrDefaultRendererLogLevels } from 'listr2';
import type { Event } from '../events.ts';
import { printable } from '../ssh/printable.ts';
import { redact } from '../secret.ts';
import { advance, type ProgressView, type Row } from './progress.ts';

/** Milliseconds between two repaints: events come by the thousand, and listr2 paints all rows at each change. */
const repaint = 100;

/**
 * One aggregate row at a time at the bottom of a terminal, drawn by listr2 and fed by events; a row that ended stays. listr2 holds
 * back what is written to `other` in the meantime; it must not be the same stream: that would be held back twice, and nothing
 * would be seen until the end.
 */
export function terminalProgress(stream: NodeJS.WriteStream, other: NodeJS.WriteStream): ProgressView {
  const counts = new Map<string, { done: number; total: number }>();
  let row: Row | undefined;
  let drawn: DrawnRow | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended: Promise<void> = Promise.resolve();

  const end = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (drawn) ended = drawn.end(row);
    drawn = undefined;
  };
  return {
    listen(event: Event): void {
      const next = advance(row, event, counts);
      if (next?.key !== row?.key) end();
      row = next;
      if (row === undefined) return;
      drawn ??= new DrawnRow(stream, other, row, ended);
      timer ??= setTimeout(() => {
        timer = undefined;
        if (row) drawn?.show(row);
      }, repaint);
    },
    async close(): Promise<void> {
      end();
      row = undefined;
      await ended;
    },
  };
}

/** listr2 draws only when standard output is a terminal, wherever it draws, and writes to standard output if it is not. */
class AnyTerminal extends DefaultRenderer {
  static override readonly nonTTY = true;
}

/** A list of one task, which ends when the row does. */
class DrawnRow {
  #title: string;
  #setTitle: (title: string) => void = () => undefined;
  #finish: (failed: boolean) => void = () => undefined;
  readonly #run: Promise<void>;

  constructor(stream: NodeJS.WriteStream, other: NodeJS.WriteStream, row: Row, before: Promise<void>) {
    this.#title = titleOf(row);
    const finished = new Promise<boolean>((resolve) => {
      this.#finish = resolve;
    });
    // Made only when the row before has let go of the stream: listr2 takes whatever write() it finds for the real one.
    const list = () =>
      new Listr(
        [
          {
            title: this.#title,
            task: async (_context, task): Promise<void> => {
              this.#setTitle = (title) => {
                task.title = title;
              };
              this.#setTitle(this.#title);
              if (await finished) throw new Error('failed');
            },
          },
        ],
        {
          renderer: AnyTerminal,
          exitOnError: false,
          registerSignalListeners: false,
          rendererOptions: {
            logger: new ListrLogger<ListrDefaultRendererLogLevels>({ processOutput: new ProcessOutput(stream, other) }),
            showErrorMessage: false,
            collapseErrors: false,
          },
        },
      );
    this.#run = before.then(() => list().run()).then(() => undefined);
  }

  show(row: Row): void {
    this.#title = titleOf(row);
    this.#setTitle(this.#title);
  }

  end(row: Row | undefined): Promise<void> {
    if (row) this.show(row);
    this.#finish(row?.state === 'failed');
    return this.#run;
  }
}

function titleOf(row: Row): string {
  return redact(printable(`${row.title}  ${row.detail}`)).replaceAll('\n', ' ');
}
