import { compareTables } from '../../ipvs/compare.ts';
import { desiredTable } from '../../ipvs/desired.ts';
import { parseTable } from '../../ipvs/table.ts';
import { printable, printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { judged, observed } from '../scope.ts';

/** The kernel's table is the wished one on every director, on the backup as well. */
export const ipvsTable: Check = {
  name: 'ipvs-table',
  severity: 'critical',
  proves: "the kernel's table is the inventory's, on every director",
  why: "A table that was cleared by hand stays empty, whatever keepalived's reload does; on the backup nobody notices until the failover.",
  runs: 'each director: `ipvsadm -Ln`',
  reads: 'lines with `-` are wished and missing, those with `+` are there and not wished, `~` differ',
  mend: 'a real server that is missing fails its health check: look at it first. Else `lvsctl ipvs diff`, and `systemctl restart keepalived` on a director without VIPs, since a reload does not put back what was cleared by hand',

  section: (round, where, { cluster }) =>
    round === 'before' && cluster.services.length > 0 && cluster.directors.includes(where)
      ? { sh: 'ipvsadm -Ln 2>&1' }
      : undefined,

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where): Finding[] => {
      const answer = evidence.answer('before', where, 'ipvs-table');
      if (!answer) return [];
      const desired = desiredTable(evidence.cluster);
      const servers = desired.reduce((sum, service) => sum + service.servers.length, 0);
      const live = parseTable(answer.output);
      const differences = live.ok ? compareTables(desired, live.value).map(({ line }) => line) : [];
      const expected = `services: ${desired.length}, real servers: ${servers}, as in the inventory`;
      return [
        {
          check: 'ipvs-table',
          where,
          status: judged(live.ok && answer.status === 0 && differences.length === 0),
          title: 'the IPVS table is the one of the inventory',
          expected,
          seen: !live.ok
            ? `${live.error}${answer.status === 0 ? '' : ` (${printableLine(answer.output)}, exit code ${answer.status})`}`
            : differences.length === 0
              ? expected
              : printable(differences.join('\n')),
          look: 'ipvsadm -Ln',
        },
      ];
    }),
};
