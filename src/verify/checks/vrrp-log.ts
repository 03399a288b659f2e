import type { Cluster } from '../../inventory/cluster.ts';
import { printableLine } from '../../ssh/printable.ts';
import { platforms } from '../../platform/index.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check } from '../check.ts';
import { judged, observed } from '../scope.ts';

/**
 * What keepalived says of adverts that it refuses (vrrp.c; seen of 2.2.7 and 2.3.3): a wrong password or kind of one, other VIPs, another
 * interval, a packet from afar. That an advert has a lower priority it says of every sound take-over as well.
 */
const complaints =
  'invalid passwd|received a [0-9]+ auth|unexpected ip number count|expected [0-9]+ VIPs|invalid TTL/HL|invalid ip number count|not present in MASTER advert|bogus VRRP packet|advertisement interval mismatch';

/** Seconds of log that are read. A backup says what lasts at each advert again; what was wrong during a deployment is no news. */
function since({ vrrp }: Cluster): number {
  return Math.ceil(Math.max(10, ...vrrp.map(({ advertInterval }) => 3 * advertInterval)));
}

/** keepalived has not complained of the adverts that it heard. Without a journal nothing is said. */
export const vrrpLog: Check = {
  name: 'vrrp-log',
  severity: 'warning',
  proves: 'keepalived refuses no advert: it has not for ten seconds, or three intervals',
  why: 'Another cluster with the same VRID, or a peer with another password or other VIPs: the adverts are dropped, and both become master.',
  runs: 'each director: `journalctl -u keepalived --since -10s`',
  reads: 'the first line that complains; it names the instance and often the sender',
  mend: 'the sender is a director: `lvsctl apply` there. It is none: its VRID is yours, so take another one (`vrid`)',

  section(round, where, { cluster }) {
    const host = cluster.hosts.find(({ name }) => name === where);
    if (round !== 'before' || !host || !cluster.directors.includes(where)) return undefined;
    const unit = quote(platforms[host.platform].units.keepalived);
    return {
      sh: [
        'if ! command -v journalctl >/dev/null 2>&1; then echo none; else',
        `echo journal; timeout 10 journalctl -q --no-pager -n 2000 --since -${since(cluster)}s -o cat -u ${unit} | grep -E -m 1 ${quote(complaints)} || :`,
        'fi',
      ].join('\n'),
    };
  },

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const [kind, line = ''] = evidence.answer('before', where, 'vrrp-log')?.output.trim().split('\n') ?? [];
      if (kind !== 'journal') return [];
      return [
        {
          check: 'vrrp-log',
          where,
          status: judged(line === ''),
          title: 'keepalived refuses no advert',
          expected: `no complaint within ${since(evidence.cluster)} s`,
          seen: line === '' ? 'no complaint' : printableLine(line),
          look: `journalctl -u keepalived --since -${since(evidence.cluster)}s`,
        },
      ];
    }),
};
