import { isAborted } from '../aborted.ts';
import { findingsDocument, findingsText } from '../report/findings.ts';
import { redact } from '../secret.ts';
import type { Connection } from '../ssh/connection.ts';
import { openScreen } from '../ui/screen.ts';
import { realTime } from '../verify/time.ts';
import type { VerifyInput, VerifyReport } from '../verify/verify.ts';
import { proveCluster, type VerifyFlags } from './commands/verify.ts';
import { exit } from './context.ts';
import type { House } from './house.ts';
import { writeReports } from './report-file.ts';

/**
 * Verifies again and again until it is interrupted: a page that is drawn over itself, or with `--json` a line each time. Connections
 * stay open between two looks; a host that was lost is tried again at the next one.
 */
export async function watchCluster(
  house: House,
  flags: VerifyFlags,
  input: Omit<VerifyInput, 'runLocal' | 'heed' | 'listen' | 'connections'>,
): Promise<number> {
  const { hosts, out, connect, stop, terminal, progress } = house;
  const open = new Map<string, Connection>();
  // Who has to be asked for a password is asked before the page is drawn.
  await reach();
  await progress.close();
  const screen = flags.json ? undefined : openScreen(terminal.stdout);
  try {
    while (!stop.aborted) {
      const began = new Date();
      const report = await proveCluster({ ...input, connections: open, listen: () => undefined });
      if (isAborted(stop)) break;
      const written = await writeReports({ ...house, began }, 'verify', { verification: report });
      const problems = written.flatMap(({ file, problem }) => (problem === undefined ? [] : [`✖ ${file}: ${problem}`]));
      if (screen) screen.draw([...page(report), ...problems].map(redact));
      else out.line(JSON.stringify({ at: new Date().toISOString(), ...findingsDocument(report) }));
      for (const { check, where, status } of report.findings) {
        if (check !== 'reachable' || status !== 'failed') continue;
        open.get(where)?.close();
        open.delete(where);
      }
      await realTime.sleep(flags.interval, stop);
      await reach();
    }
  } finally {
    screen?.close();
  }
  return exit.ok;

  async function reach(): Promise<void> {
    const missing = hosts.filter(({ name }) => !open.has(name));
    if (missing.length === 0 || stop.aborted) return;
    await connect(missing, (name, result) => {
      if (result.ok) open.set(name, result.value);
    });
  }

  /** The verdict first: what is below may be more than fits. */
  function page(report: VerifyReport): string[] {
    const lines = findingsText(report, out.style, { verbose: flags.verbose });
    const title = `${new Date().toLocaleTimeString()}  every ${flags.interval} s  Ctrl-C ends this`;
    return [out.style('dim', title), '', lines.at(-1) ?? '', ...lines.slice(0, -2)];
  }
}
