import { beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Survey } from '../../src/observe/survey.ts';
import { unreached } from '../../src/verify/reachable.ts';
import { drCluster } from './world.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await drCluster();
});

const nothing: Survey = {
  connections: new Map(),
  observations: new Map(),
  unreachable: [],
  unreadable: [],
  problems: [],
};

describe('unreached', () => {
  it('has one finding a host, by the first thing that went wrong', () => {
    const dead = { reason: 'timeout', host: 'web2', detail: 'no answer', hint: 'is it up?\nis it?' } as const;
    const cut = { reason: 'link-lost', host: 'web2', detail: 'cut off', hint: '' } as const;
    const torn = { reason: 'unreadable', host: 'web1', detail: 'the answer broke off', hint: '' } as const;
    const findings = unreached(cluster, { ...nothing, unreachable: [dead], unreadable: [torn] }, [cut]);
    expect(findings.map(({ check, where, seen }) => [check, where, seen])).toEqual([
      ['reachable', 'web2', 'no answer; is it up? is it?'],
      ['reachable', 'web1', 'the answer broke off'],
    ]);
    expect(findings[0]?.look).toBe("ssh 'root@10.77.0.14' true");
  });

  it('tells apart a host that is not fit', () => {
    const problem = { host: 'lb1', detail: 'runs plan9', hint: 'use Debian' };
    expect(unreached(cluster, { ...nothing, problems: [problem] }, [])).toMatchObject([
      { check: 'preflight', where: 'lb1', status: 'failed', seen: 'runs plan9; use Debian' },
    ]);
  });

  it('says nothing of what was stopped on purpose', () => {
    const stopped = { reason: 'aborted', host: 'operator', detail: 'stopped', hint: '' } as const;
    expect(unreached(cluster, nothing, [stopped])).toEqual([]);
  });
});
