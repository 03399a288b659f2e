import type { Cluster } from '../../inventory/cluster.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check } from '../check.ts';
import { judged, observed } from '../scope.ts';

/**
 * Asks the kernel itself, as `ethtool -k` does: ETHTOOL_GFLAGS (linux/ethtool.h) by SIOCETHTOOL, of which 0x8000 is LRO. `P` is a
 * pointer, which the kernel writes behind.
 */
const perl = String.raw`socket(my $any, 2, 2, 0) or exit;
for (@ARGV) {
  my $value = pack "LL", 0x25, 0;
  my $request = pack "a16 P x16", $_, $value;
  print "$_ ", (unpack "LL", $value)[1] & 0x8000 ? "on" : "off", "\n" if ioctl $any, 0x8946, $request;
}`;

/** No NIC of a director merges packets that it receives into larger ones which cannot be sent on (LRO). */
export const receiveMerging: Check = {
  name: 'receive-merging',
  severity: 'warning',
  proves: 'no NIC of a director has large receive offload (LRO) on',
  why: 'LRO makes one packet of several, too large to be sent on to a real server: uploads stall or crawl. GRO, which the kernel takes apart again, does no harm.',
  runs: 'each director: `ethtool -k NIC`, or the same question by `perl`',
  reads: '`large-receive-offload: on` is wrong',
  mend: '`ethtool -K NIC lro off`, and the same in what configures the NIC at boot',

  section(round, where, { cluster }) {
    const nics = nicsOf(cluster, where);
    if (round !== 'before' || nics.length === 0) return undefined;
    return {
      sh: [
        'if command -v ethtool >/dev/null 2>&1; then',
        ...nics.map(
          (nic) =>
            `  case "$(ethtool -k ${quote(nic)} 2>/dev/null)" in *'large-receive-offload: on'*) echo ${quote(nic)} on ;; *'large-receive-offload: off'*) echo ${quote(nic)} off ;; esac`,
        ),
        `elif command -v perl >/dev/null 2>&1; then perl -e ${quote(perl)} ${nics.map(quote).join(' ')} 2>/dev/null`,
        'fi',
      ].join('\n'),
    };
  },

  judge: (evidence) =>
    observed(evidence, evidence.cluster.directors).flatMap((where) => {
      const lines = evidence.answer('before', where, 'receive-merging')?.output.split('\n') ?? [];
      return nicsOf(evidence.cluster, where).flatMap((nic) => {
        // A NIC that does not say is one whose driver knows of no such thing.
        const state = ['on', 'off'].find((one) => lines.includes(`${nic} ${one}`));
        if (state === undefined) return [];
        return [
          {
            check: 'receive-merging',
            where,
            status: judged(state === 'off'),
            title: `${nic} merges no packets that are forwarded`,
            expected: 'LRO off',
            seen: `LRO ${state}`,
            look: `ethtool -k ${quote(nic)}`,
          },
        ];
      });
    }),
};

/** The NICs of a director that forwards packets. */
function nicsOf({ directors, services, hosts }: Cluster, where: string): string[] {
  const host = hosts.find(({ name }) => name === where);
  if (!host || services.length === 0 || !directors.includes(where)) return [];
  return [...new Set([host.interface, ...host.addresses.map((own) => own.interface)])];
}
