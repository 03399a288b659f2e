import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/observe/facts.ts';
import { preflight } from '../../src/plan/preflight.ts';
import { makeInstance, makeObservation, makeService, makeShop, wishesOf } from '../support/cluster.ts';

const [lb1, , web1] = wishesOf(makeShop());
const at = (address: string, nic = 'eth0'): Partial<Facts> => ({
  addresses: [{ interface: nic, address, prefix: 24 }],
});

const cases: readonly [what: string, host: typeof lb1, facts: Partial<Facts>, problems: readonly [string, string][]][] =
  [
    ['a host as it should be', web1, at('10.77.0.1'), []],
    ['Ubuntu', web1, { ...at('10.77.0.1'), system: { id: 'ubuntu', like: ['debian'], version: '24.04' } }, []],
    [
      'not root',
      web1,
      { ...at('10.77.0.1'), uid: 1000 },
      [['logged in with user id 1000, which is not root', 'set "become: sudo" for this host, or log in as root']],
    ],
    [
      'another system',
      web1,
      { ...at('10.77.0.1'), system: { id: 'rocky', like: ['rhel'], version: '9.4' } },
      [
        [
          'runs rocky 9.4, which is not of platform debian',
          'set "platform: rhel" for this host, its group or at the top',
        ],
      ],
    ],
    [
      'a system without a version',
      web1,
      { ...at('10.77.0.1'), system: { id: 'arch', like: [], version: '' } },
      [
        [
          'runs arch, which is not of platform debian',
          'the platforms are debian, rhel, suse, alpine; docs/platforms.md says what each needs',
        ],
      ],
    ],
    [
      'no os-release',
      web1,
      { ...at('10.77.0.1'), system: { id: '', like: [], version: '' } },
      [
        [
          'runs an unknown system, which is not of platform debian',
          'the platforms are debian, rhel, suse, alpine; docs/platforms.md says what each needs',
        ],
      ],
    ],
    [
      'the address on another interface',
      web1,
      at('10.77.0.1', 'ens3'),
      [['has its address 10.77.0.1 on ens3, not on eth0', 'set "interface: ens3" for this host']],
    ],
    [
      'another address',
      lb1,
      at('10.99.0.1'),
      [['does not have the address 10.77.0.11 that the inventory gives it', 'it has 10.99.0.1 (eth0)']],
    ],
    [
      'no address',
      lb1,
      { addresses: [] },
      [['does not have the address 10.77.0.11 that the inventory gives it', 'it has none at all']],
    ],
    [
      'the address on two interfaces',
      web1,
      { addresses: [...(at('10.77.0.1', 'br0').addresses ?? []), ...(at('10.77.0.1').addresses ?? [])] },
      [],
    ],
  ];

describe('preflight', () => {
  test.each(cases)('%s', (_what, desired, facts, problems) => {
    if (!desired) throw new Error('the shop has no such host');
    const host = desired.host.name;
    expect(preflight(desired, makeObservation(host, [], facts))).toEqual(
      problems.map(([detail, hint]) => ({ host, detail, hint })),
    );
  });

  test('asks nothing about the network of a host that carries no VIP', () => {
    if (!web1) throw new Error('the shop has no web1');
    expect(preflight({ ...web1, roles: ['nfs-server'] }, makeObservation('web1', [], { addresses: [] }))).toEqual([]);
  });
});

describe('a module that the kernel does not have', () => {
  const [director] = wishesOf(makeShop({ services: [makeService(['web1'], { scheduler: 'twos' })] }));
  const refused = (state: unknown) => {
    if (!director) throw new Error('the shop has no director');
    return preflight(director, makeObservation('lb1', [['kernel-module ip_vs_twos', state]], at('10.77.0.11')));
  };

  test('is a problem that names what needs it, and what the kernel has instead', () => {
    expect(refused({ similar: ['ip_vs_rr', 'ip_vs_wrr'] })).toEqual([
      {
        host: 'lb1',
        detail: 'its kernel 6.1.0-13-amd64 has no module ip_vs_twos, which the scheduler twos of www needs',
        hint: 'of that sort it has rr, wrr',
      },
    ]);
    expect(refused({ similar: [] })[0]?.hint).toContain('linux-modules-extra');
  });

  test.each(['loaded', 'absent'])('one that is %s is none', (state) => {
    expect(refused(state)).toEqual([]);
  });
});

describe('a keepalived that lacks what is wished', () => {
  const [director] = wishesOf(
    makeShop({
      keepalived: { ...makeShop().keepalived, startupDelay: 1 },
      vrrp: [makeInstance({ downTimerAdverts: 5 })],
    }),
  );
  const refused = (
    installed: readonly (readonly [string, string])[],
    candidates: readonly (readonly [string, string])[],
  ) => {
    if (!director) throw new Error('the shop has no director');
    const packages = { installed: new Map(installed), candidates: new Map(candidates) };
    return preflight(director, makeObservation('lb1', [['package all', packages]], at('10.77.0.11')));
  };

  test('is a problem that names the feature, where it is written and the version that has it', () => {
    expect(refused([['keepalived', '1:2.2.1-1']], [['keepalived', '1:2.2.7-1+b2']])).toEqual([
      {
        host: 'lb1',
        detail: 'has keepalived 2.2.1, which has no downTimerAdverts (down_timer_adverts): vrrp.VI_1.downTimerAdverts',
        hint: 'keepalived 2.2.3 and newer have it; take it out of the inventory, or give the host a newer package',
      },
    ]);
  });

  test('the version that would be installed counts where none is', () => {
    expect(refused([], [['keepalived', '1.3.5-19.el7']]).map(({ detail }) => detail)).toEqual([
      expect.stringContaining('would get keepalived 1.3.5, which has no startupDelay (vrrp_startup_delay)'),
      expect.stringContaining('down_timer_adverts'),
    ]);
    expect(refused([], [['keepalived', '1:2.2.7-1+b2']])).toEqual([]);
  });

  test('is not guessed where nothing is known', () => {
    expect(refused([], [])).toEqual([]);
  });
});
