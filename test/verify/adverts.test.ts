import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Cluster, VrrpInstance } from '../../src/inventory/cluster.ts';
import { listen, readListening } from '../../src/verify/adverts.ts';
import { vrrpAdverts } from '../../src/verify/checks/vrrp-adverts.ts';
import { Commands, runSection } from './shell.ts';
import { advert, drCluster, heard, nonce, vip, World } from './world.ts';

let dr: Cluster;
beforeAll(async () => {
  dr = await drCluster();
});

const hex = (...bytes: number[]): string => Buffer.from(bytes).toString('hex');

describe('readListening', () => {
  it('reads adverts of both versions', () => {
    const six = `${hex(0x31, 7, 100, 1, 0x0f, 0xff, 0, 0)}fe800000000000000000000000000001`;
    const output = heard(`${advert()}\n${nonce} advert 1 fe80000000000000000000000000000a ${six}\n`);
    expect(readListening(output, nonce)).toEqual({
      adverts: [
        {
          link: 0,
          source: '10.77.0.11',
          version: 2,
          vrid: 51,
          priority: 150,
          authentication: 0,
          interval: 1,
          vips: [vip],
        },
        {
          ...{ link: 1, source: 'fe80::a', version: 3, vrid: 7, priority: 100, authentication: undefined },
          ...{ interval: 40.95, vips: ['fe80::1'] },
        },
      ],
      deaf: new Map(),
      seconds: 1.6,
    });
  });

  it('leaves out what is no advert, what says goodbye, and VIPs that are not there', () => {
    const cut = `\n${nonce} advert 0 0a000001 ${hex(0x21, 1, 9, 200, 0, 1, 0, 0, 10, 0, 0)}\n`;
    const other = `\n${nonce} advert 0 0a000001 ${hex(0x45, 1, 9, 0, 0, 1, 0, 0)}\n`;
    const { adverts } = readListening(heard(`${cut}${other}${advert({ priority: 0 })}`), nonce);
    expect(adverts.map(({ vips }) => vips)).toEqual([[]]);
  });

  it('never throws, whatever a host prints', () => {
    const words = fc.array(
      fc.oneof(fc.constant(nonce), fc.constantFrom('advert', 'deaf', 'listened', '\n', '0'), fc.string()),
    );
    fc.assert(
      fc.property(words, (said) => {
        readListening(said.join(' ').replaceAll('\n ', '\n'), nonce);
      }),
    );
  });
});

describe('the listener', () => {
  test.each(['perl', 'python3'])('%s tells which NIC it cannot listen at', async (program) => {
    const sh = listen([{ family: 4, interface: 'no-such-nic', due: [51] }], 0.5, 1, nonce);
    const { output } = await runSection(sh, new Commands().real('timeout', program).folder);
    const { deaf, seconds, adverts } = readListening(output, nonce);
    expect(deaf.get(0)).toMatch(/^no-such-nic: \S/);
    expect([adverts, seconds === undefined]).toEqual([[], false]);
  });

  it('is nothing where neither is there', async () => {
    const { output } = await runSection(listen([], 0.5, 1, nonce), new Commands().folder);
    expect(readListening(output, nonce).seconds).toBeUndefined();
  });
});

/** What is found on both directors, of which lb1 holds the VIP. */
function found(said: Readonly<Record<string, string>>, change: (world: World) => void = () => undefined): string[] {
  const world = new World(dr);
  for (const where of dr.directors) world.silence('during', where);
  for (const [where, output] of Object.entries(said)) world.answer('during', where, 'vrrp-adverts', output);
  change(world);
  return vrrpAdverts.judge(world.evidence()).map(({ status, where, seen }) => `${status} ${where}: ${seen}`);
}

const instance =
  (change: Partial<VrrpInstance>) =>
  (world: World): void => {
    world.cluster = { ...world.cluster, vrrp: world.cluster.vrrp.map((one) => ({ ...one, ...change })) };
  };

describe('vrrp-adverts', () => {
  const said = (priority = 150): string =>
    `version 2, every 1 s, no password, for ${vip}`.replace(/^/, `priority ${priority}, `);

  it('holds where the backup hears the master, and the master nobody', () => {
    expect(found({ lb1: heard(), lb2: heard(advert()) })).toEqual([
      'ok lb1: nobody was heard for 1.6 s',
      `ok lb2: lb1 (10.77.0.11): ${said()}`,
    ]);
  });

  it('tells of a stranger with the same VRID, and not of another VRID or link', () => {
    const stranger = advert({ from: '10.77.0.66', priority: 50 });
    expect(found({ lb1: heard(`${stranger}${advert({ from: '10.77.0.67', vrid: 52 })}`) })).toEqual([
      `failed lb1: 10.77.0.66, which is no director's: ${said(50)}`,
    ]);
    expect(found({ lb2: heard(`${advert()}${stranger}`) })[0]).toMatch(
      /^failed lb2: lb1 .*\n10\.77\.0\.66, which is no/,
    );
    expect(found({ lb1: heard(advert({ from: '10.77.0.66', link: 1 })) })[0]).toMatch(/^ok lb1: nobody/);
  });

  it('fails where nothing is heard, unless it was not listened for long enough', () => {
    const nothing = heard('', 4);
    expect(found({ lb2: nothing })).toEqual(['failed lb2: nobody was heard for 4 s']);
    expect(found({ lb2: nothing }, instance({ advertInterval: 30 }))).toEqual([
      'unknown lb2: nobody was heard for 4 s',
    ]);
    const alone = (world: World): void => {
      world.unreach('lb1');
    };
    expect(found({ lb2: nothing }, alone)).toEqual(['unknown lb2: nobody was heard for 4 s']);
    expect(found({ lb2: heard(advert()) }, alone)[0]).toMatch(/^ok lb2: lb1/);
  });

  test.each<[string, Parameters<typeof advert>[0], Partial<VrrpInstance>, string]>([
    ['another priority', { priority: 130 }, {}, 'failed'],
    [
      'a priority that a tracker explains',
      { priority: 130 },
      { trackers: [{ type: 'interface', interface: 'eth1', weight: -20 }] },
      'ok',
    ],
    [
      'a lower one than a tracker explains',
      { priority: 129 },
      { trackers: [{ type: 'interface', interface: 'eth1', weight: -20 }] },
      'failed',
    ],
    ['a password', { auth: 1 }, {}, 'failed'],
    ['another version', {}, { version: 3 }, 'failed'],
    ['another interval', {}, { advertInterval: 0.7 }, 'failed'],
    ['another VIP', { vips: [vip, '10.77.0.101'] }, {}, 'failed'],
  ])('an advert with %s', (_what, its, change, status) => {
    expect(found({ lb2: heard(advert(its)) }, instance(change))[0]?.split(' ')[0]).toBe(status);
  });

  it('says why it heard nothing', () => {
    expect(found({ lb2: `\n${nonce} deaf 0 eth0: Operation not permitted\n${heard()}` })).toEqual([
      'unknown lb2: eth0: Operation not permitted',
    ]);
    expect(found({ lb2: '' })).toEqual(['unknown lb2: neither perl nor python3 is there to listen with']);
  });

  it('listens for the instances that a director does not hold', () => {
    const context = new World(dr).evidence();
    const [holder, backup] = ['lb1', 'lb2'].map((where) => vrrpAdverts.section('during', where, context)?.sh ?? '');
    expect(holder).toContain(`'1.5' '4' '${nonce}' '4,eth0'`);
    expect(backup).toContain(`'1.5' '4' '${nonce}' '4,eth0,51'`);
    expect(vrrpAdverts.section('during', 'web1', context)).toBeUndefined();
  });
});
