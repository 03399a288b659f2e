import { randomBytes } from 'node:crypto';
import { attemptEvery } from './confirm.ts';
import type { HostRun, HostStage } from './host-run.ts';
import type { Run } from './run.ts';
import { StageLog } from './stage-log.ts';
import { takeBackScript } from './undo.ts';

/** Seconds for which a host that went away is looked for: its watchdog may have to bring it back first. */
const patience = 90;

/** Seconds for undoing: a stage that is still at work there comes to its end first. */
const deadline = 180;

/**
 * Has a host undo the run after its script broke off or its stage was found bad, over a fresh connection. Whether it did stands in
 * the host's run; a host that does not come back is left to its watchdog.
 */
export async function recover(record: HostRun, stage: HostStage, run: Run): Promise<void> {
  const end = Date.now() + patience * 1000;
  run.listen({
    type: 'step-note',
    stage: stage.stage,
    host: record.host,
    text: 'looks for the host to take back what was done',
  });
  do {
    const fresh = await run.reconnect(record.host);
    if (fresh.ok) {
      const nonce = randomBytes(12).toString('hex');
      const log = new StageLog(record, stage, nonce, run.listen);
      const ran = await fresh.value.run(takeBackScript(run.holder.run, nonce), {
        deadline,
        onLine: (line) => {
          log.line(line);
        },
      });
      fresh.value.close();
      if (ran.ok && log.ended) return;
    }
    await run.wait(attemptEvery);
  } while (Date.now() < end);
}
