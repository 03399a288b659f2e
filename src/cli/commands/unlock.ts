import { breakScript, readHolder } from '../../apply/lock.ts';
import { whose } from '../../apply/locks.ts';
import { selectHosts } from '../../inventory/pattern.ts';
import type { Connection } from '../../ssh/connection.ts';
import { printable, printableLine } from '../../ssh/printable.ts';
import { confirmed } from '../confirm.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { withHosts } from '../house.ts';
import { underWaySection, readUnderWay } from '../../apply/under-way.ts';
import { askHosts } from '../ask-hosts.ts';

/** Seconds for a script that only looks and removes. */
const deadline = 30;

/** Exit code of the script where a stage is still at work. */
const atWork = 75;

/** `lvsctl unlock HOST…`: breaks the locks of a run that is gone; who has them is said, and asked about, first. */
export function unlock(terminal: Terminal, flags: GlobalFlags, names: readonly string[]): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, out } = house;
    const chosen = selectHosts(cluster, names.join(','));
    if (!chosen.ok) {
      out.error(`${names.join(' ')}: ${chosen.error}`);
      return exit.usage;
    }
    const connections = new Map<string, Connection>();
    const answers = await askHosts(house, chosen.value, () => [underWaySection], connections);
    const holders = new Map<string, string>();
    let missing = false;
    for (const [host, answer] of answers) {
      if ('trouble' in answer) {
        missing = true;
        out.error(`${host}: ${answer.trouble}`);
        continue;
      }
      const { holder } = readUnderWay(answer.answers.get(underWaySection.name)?.output ?? '');
      if (holder) holders.set(host, printable(whose(holder)));
    }
    for (const [host, holder] of holders) out.error(`${host}: locked by ${holder}`);
    const free = holders.size === 0;
    if (free && !flags.json) out.line('No lock is held there.');
    if (!free && !(await confirmed(house, 'Is that run gone for certain, and shall its locks be broken?')))
      return exit.failed;
    const broken: string[] = [];
    let failed = false;
    for (const host of holders.keys()) {
      const ran = await connections.get(host)?.run(breakScript, { deadline });
      if (ran?.ok === true && ran.value.code === exit.ok) {
        broken.push(host);
        const whom = readHolder(ran.value.stdout.toString().trim());
        if (!flags.json) out.line(`${host}: the lock of ${printableLine(whose(whom))} is broken.`);
      } else {
        failed = true;
        const busy = ran?.ok === true && ran.value.code === atWork;
        out.error(
          `${host}: ${busy ? 'a stage of that run is still at work there: wait for it to end' : 'the lock could not be broken'}.`,
        );
      }
    }
    if (flags.json) out.json({ ok: !failed && !missing, broken });
    return missing ? exit.unreachable : failed ? exit.failed : exit.ok;
  });
}
