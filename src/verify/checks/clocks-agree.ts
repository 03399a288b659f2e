import type { Check } from '../check.ts';

/** Seconds by which clocks may differ: hosts are asked one after the other where there are many, and a slow one answers late. */
const allowed = 60;

/** The clocks of the hosts agree, so that logs can be compared and certificates begin and end everywhere at once. */
export const clocksAgree: Check = {
  name: 'clocks-agree',
  severity: 'warning',
  proves: `no clock differs from the middle one by more than ${allowed} seconds`,
  why: 'With clocks that differ, certificates are refused on some hosts, files of NFS are newer than now, and no log can be compared.',
  runs: 'every host: `date +%s`',
  reads: 'the seconds by which the clock is ahead (+) or behind (-)',
  mend: 'have the clocks set by NTP on every host: `timedatectl set-ntp true`, or chrony',

  section: (round) => (round === 'before' ? { sh: 'date +%s' } : undefined),

  judge(evidence) {
    const { cluster, observations } = evidence;
    const clocks = [...observations.keys()].flatMap((where) => {
      const said = evidence.answer('before', where, 'clocks-agree')?.output.trim() ?? '';
      return /^\d{1,12}$/.test(said) ? [{ where, at: Number(said) }] : [];
    });
    const [middle] = clocks
      .map(({ at }) => at)
      .sort((a, b) => a - b)
      .slice(Math.floor((clocks.length - 1) / 2));
    if (middle === undefined || clocks.length < 2) return [];
    const off = clocks.map(({ where, at }) => ({ where, by: at - middle })).filter(({ by }) => Math.abs(by) > allowed);
    return [
      {
        check: 'clocks-agree',
        where: cluster.name,
        status: off.length === 0 ? 'ok' : 'failed',
        title: 'the clocks of the hosts agree',
        expected: `no more than ${allowed} s apart from the middle one`,
        seen:
          off.length === 0
            ? 'so they do'
            : off.map(({ where, by }) => `${where} ${by > 0 ? '+' : ''}${by} s`).join(', '),
        look: 'lvsctl exec all -- date -u',
      },
    ];
  },
};
