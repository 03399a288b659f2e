import { describe, expect, test } from 'vitest';
import type { VirtualService } from '../../src/inventory/cluster.ts';
import { compareTables } from '../../src/ipvs/compare.ts';
import { desiredTable } from '../../src/ipvs/desired.ts';
import { parseTable } from '../../src/ipvs/table.ts';
import { httpCheck, makeCluster, makeService } from '../support/cluster.ts';

/** In what a table differs from the one that a service is wished to have. */
function differences(service: Partial<VirtualService>, lines: string): string[] {
  const live = parseTable(`IP Virtual Server version 1.2.1 (size=4096)\n${lines}\n`);
  if (!live.ok) throw new Error(live.error);
  const cluster = makeCluster({ services: [makeService(['web1'], service)] });
  return compareTables(desiredTable(cluster), live.value).map(({ line }) => line);
}

const mark = { number: 7, ports: [{ first: 80, last: 90 }] };
const persistence = { timeout: 60, granularity: 24, engine: undefined };
const script = { path: '/etc/keepalived/lvsctl/x.sh', content: '#!/bin/sh\n' };

// Each as ipvsadm 1.31 printed it on a kernel.
describe('the table of a service', () => {
  test.each<[string, Partial<VirtualService>, string]>([
    ['by its mark', { mark }, 'FWM  7 wrr\n  -> 10.77.0.1:0  Route   1      0          0'],
    [
      'by its mark, over IPv6',
      {
        mark,
        family: 6,
        realServers: makeService(['web1']).realServers.map((one) => ({ ...one, address: 'fd77::1' })),
      },
      'FWM  7 IPv6 wrr\n  -> [fd77::1]:0  Route   1      0          0',
    ],
    [
      'with flags',
      { scheduler: 'mh', schedulerFlags: ['mh-port', 'mh-fallback'] },
      'TCP  10.77.0.100:80 mh (mh-fallback,mh-port)\n  -> 10.77.0.1:80  Route   1      0          0',
    ],
    [
      'with persistence by network',
      { persistence },
      'TCP  10.77.0.100:80 wrr persistent 60 mask 255.255.255.0\n  -> 10.77.0.1:80  Route   1      0          0',
    ],
    [
      'of SIP calls',
      { protocol: 'UDP', persistence: { timeout: 60, granularity: 32, engine: 'sip' } },
      'UDP  10.77.0.100:80 wrr persistent 60 pe sip\n  -> 10.77.0.1:80  Route   1      0          0',
    ],
    [
      'of single datagrams',
      { protocol: 'UDP', onePacket: true },
      'UDP  10.77.0.100:80 wrr ops\n  -> 10.77.0.1:80  Route   1      0          0',
    ],
    [
      'with a weight that a script sets',
      {
        checks: [
          {
            ...httpCheck,
            kind: { type: 'misc', script, args: [], scriptTimeout: 5, dynamic: true, user: undefined },
          },
        ],
      },
      'TCP  10.77.0.100:80 wrr\n  -> 10.77.0.1:80  Route   42     0          0',
    ],
  ])('%s is recognised', (_name, service, lines) => {
    expect(differences(service, lines)).toEqual([]);
  });

  test('with the sorry server alone says that the quorum is lost', () => {
    const sorryServer = { host: 'web3', address: '10.77.0.3', port: 80 };
    expect(
      differences({ sorryServer }, 'TCP  10.77.0.100:80 wrr\n  -> 10.77.0.3:80  Route   1      0          0'),
    ).toEqual(['~ 10.77.0.100:80 TCP the quorum is lost: 10.77.0.3:80, the sorry server, answers alone']);
    expect(differences({}, 'TCP  10.77.0.100:80 wrr\n  -> 10.77.0.3:80  Route   1      0          0').length).toBe(2);
  });

  test('with an inhibited server differs by its weight', () => {
    const live = 'TCP  10.77.0.100:80 wrr\n  -> 10.77.0.1:80  Route   0      0          0';
    expect(differences({ inhibitOnFailure: true }, live)).toEqual([
      '~ 10.77.0.100:80 TCP → 10.77.0.1:80 (web1) weight 0, wished 1',
    ]);
  });
});
