import type { HaproxyListener } from '../../inventory/cluster.ts';
import { haproxySocket } from '../../inventory/resolve/haproxy-trackers.ts';
import { serverName } from '../../roles/haproxy.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Finding } from '../check.ts';
import { judged, listed, observed } from '../scope.ts';

/** HAProxy finds every server behind it sound, on the host without the VIP too. */
export const haproxyBackends: Check = {
  name: 'haproxy-backends',
  severity: 'critical',
  proves: 'HAProxy on each host reaches all its servers',
  why: 'A host whose HAProxy reaches no server answers 503 from the moment it takes the VIP over.',
  runs: 'each host with HAProxy: `show stat` on its socket',
  reads: 'the status of each server: `UP`',
  mend: 'the column after the status says what its check got (`L4CON`: refused, `L7STS`: wrong status)',

  section: (round, where, { cluster }) =>
    round === 'before' && cluster.haproxy?.hosts.includes(where) === true
      ? { sh: `echo 'show stat' | timeout 5 socat -t 5 - UNIX-CONNECT:${haproxySocket} 2>&1` }
      : undefined,

  judge: (evidence) => {
    const { haproxy } = evidence.cluster;
    if (haproxy === undefined) return [];
    return observed(evidence, haproxy.hosts).flatMap((where) => {
      const answer = evidence.answer('before', where, 'haproxy-backends');
      if (!answer) return [];
      const states = readStates(answer.output);
      return haproxy.listeners.map((listener) => judgeListener(where, listener, states, answer.output));
    });
  },
};

function judgeListener(
  where: string,
  listener: HaproxyListener,
  states: ReadonlyMap<string, string> | undefined,
  output: string,
): Finding {
  const servers = listener.servers.map((_, index) => serverName(listener, index));
  const wrong = servers.flatMap((server) => {
    const state = states?.get(`${listener.name},${server}`);
    // `UP`, `UP 1/2` on its way down, `no check`.
    return state !== undefined && /^(UP|no check)/.test(state)
      ? []
      : [`${server} ${printableLine(state ?? 'missing')}`];
  });
  return {
    check: 'haproxy-backends',
    where,
    status: judged(states !== undefined && wrong.length === 0),
    title: `${listener.name} reaches its servers`,
    expected: `${listed(servers)} up`,
    seen:
      states === undefined
        ? `HAProxy does not say: ${printableLine(output.trim().split('\n').at(-1) ?? '')}`
        : wrong.length === 0
          ? 'so they are'
          : wrong.join(', '),
    look: `echo 'show stat' | socat - UNIX-CONNECT:${haproxySocket} | cut -d, -f1,2,18`,
  };
}

/** The status by `LISTENER,SERVER`: a table of commas whose first line names the columns, management.txt 9.1. */
function readStates(output: string): ReadonlyMap<string, string> | undefined {
  const [head = '', ...rows] = output.trim().split('\n');
  const at = head.split(',').indexOf('status');
  if (!head.startsWith('# pxname,svname,') || at < 0) return undefined;
  return new Map(
    rows.map((row) => {
      const cells = row.split(',');
      return [`${cells[0]},${cells[1]}`, cells[at] ?? ''];
    }),
  );
}
