import type { IpvsTimeouts, SyncDaemon } from '../../inventory/cluster.ts';
import { printableLine } from '../../ssh/printable.ts';
import type { Check, Evidence, Finding } from '../check.ts';
import { holderOf, judged, observed } from '../scope.ts';

/** The sync daemon runs as wished, and connections are remembered for as long as wished, on every director. */
export const ipvsSettings: Check = {
  name: 'ipvs-settings',
  severity: 'warning',
  proves: 'the sync daemon is master or backup as wished, and the timeouts are',
  why: 'Without the sync daemon every connection is lost at a failover, and nothing shows it before.',
  runs: 'each director: `ipvsadm -L --daemon` and `ipvsadm -L --timeout`',
  reads: '`master` where the VIP is, `backup` elsewhere, with the same id',
  mend: '`journalctl -u keepalived`: the daemon is started by keepalived; `lvsctl apply` writes its configuration',

  section(round, where, { cluster }) {
    const { syncDaemon, timeouts } = cluster.ipvs;
    if (round !== 'before' || !cluster.directors.includes(where)) return undefined;
    if (syncDaemon === undefined && wishedTimeouts(timeouts).length === 0) return undefined;
    return { sh: 'ipvsadm -L --daemon 2>&1\nipvsadm -L --timeout 2>&1' };
  },

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where): Finding[] => {
      const answer = evidence.answer('before', where, 'ipvs-settings');
      if (!answer) return [];
      const { syncDaemon, timeouts } = evidence.cluster.ipvs;
      return [
        ...(syncDaemon === undefined ? [] : [judgeDaemon(evidence, where, syncDaemon, answer.output)]),
        ...(wishedTimeouts(timeouts).length === 0 ? [] : [judgeTimeouts(where, timeouts, answer.output)]),
      ];
    }),
};

/** `master sync daemon (mcast=eth0, syncid=1, …)`, and the same of `backup`. */
function judgeDaemon(evidence: Evidence, where: string, daemon: SyncDaemon, output: string): Finding {
  const wished = statesOf(evidence, where, daemon);
  const running = [...output.matchAll(/^(master|backup) sync daemon \(mcast=([^,]+), syncid=(\d+)/gm)].map(
    ([, state = '', nic = '', id = '']) => ({ state, text: `${state} on ${nic}, id ${id}` }),
  );
  const right = wished?.map((state) => `${state} on ${daemon.interfaces[where] ?? ''}, id ${daemon.id}`);
  const seen = running.map(({ text }) => printableLine(text)).join('; ') || 'no sync daemon';
  return {
    check: 'ipvs-settings',
    where,
    status: right === undefined ? 'unknown' : judged(right.join('; ') === running.map(({ text }) => text).join('; ')),
    title: 'the sync daemon tells of connections, or listens',
    expected: right?.join('; ') ?? 'master where the VIPs are, backup elsewhere',
    seen,
    look: 'ipvsadm -L --daemon',
  };
}

/** What a director's daemons are: both, or by the state of the instance they follow; undefined: nobody knows who holds it. */
function statesOf(evidence: Evidence, where: string, { instance }: SyncDaemon): readonly string[] | undefined {
  if (instance === undefined) return ['master', 'backup'];
  const vip = evidence.cluster.vrrp.find(({ name }) => name === instance)?.vips[0]?.address;
  const holder = vip === undefined ? undefined : holderOf(evidence, vip);
  if (holder === undefined) return undefined;
  return [holder === where ? 'master' : 'backup'];
}

/** `Timeout (tcp tcpfin udp): 900 120 300`. */
function judgeTimeouts(where: string, timeouts: IpvsTimeouts, output: string): Finding {
  const [, ...seen] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)/m.exec(output) ?? [];
  const wished = wishedTimeouts(timeouts);
  return {
    check: 'ipvs-settings',
    where,
    status: seen.length === 0 ? 'unknown' : judged(wished.every(({ at, seconds }) => Number(seen[at]) === seconds)),
    title: 'connections are remembered for as long as wished',
    expected: wished.map(({ name, seconds }) => `${name} ${seconds} s`).join(', '),
    seen:
      seen.length === 0
        ? 'the timeouts could not be read'
        : ['tcp', 'tcpfin', 'udp'].map((name, at) => `${name} ${seen[at] ?? ''} s`).join(', '),
    look: 'ipvsadm -L --timeout',
  };
}

function wishedTimeouts({ tcp, tcpFin, udp }: IpvsTimeouts): { name: string; at: number; seconds: number }[] {
  return [
    { name: 'tcp', at: 0, seconds: tcp },
    { name: 'tcpfin', at: 1, seconds: tcpFin },
    { name: 'udp', at: 2, seconds: udp },
  ].flatMap(({ seconds, ...rest }) => (seconds === undefined ? [] : [{ ...rest, seconds }]));
}
