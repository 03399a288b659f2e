import { replaceFile } from '../replace-file.ts';
import { Recorder } from '../profile/recorder.ts';
import { profileText } from '../profile/table.ts';
import { traceOf } from '../profile/trace.ts';
import type { Output } from './context.ts';

/** Begins to take down where the time goes; `performance` has counted since the process began. */
export function startProfile(): Recorder {
  return new Recorder(() => performance.now());
}

/** Says where the time went, and writes the trace of it unless `file` is empty. */
export async function giveProfile(recorder: Recorder, file: string, out: Output): Promise<void> {
  const spans = recorder.finish();
  out.error('');
  for (const line of profileText(spans, out.errorStyle)) out.error(line);
  if (file === '') return;
  try {
    await replaceFile(file, `${JSON.stringify(traceOf(spans))}\n`, 0o600);
    out.error(`The trace is in ${file}: open it in ui.perfetto.dev or chrome://tracing.`);
  } catch (error) {
    out.error(`${out.errorStyle('bad', '✖')} ${file} could not be written: ${(error as Error).message}`);
  }
}
