import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/drill/condition.ts';
import { drills } from '../../src/drill/drills/index.ts';
import type { DrillContext } from '../../src/drill/drill.ts';
import { tally } from '../../src/drill/gaps.ts';
import { judge, type Recording } from '../../src/drill/judge.ts';
import type { MeasureKind, Sample, Stream } from '../../src/drill/result.ts';
import { makeObservation, makeService, makeShop, makeSite } from '../support/cluster.ts';

/*
 * What every drill makes of a cluster that does what it should, and of one with a fault planted in it: the backup's keepalived hangs, so
 * that it neither takes over nor looks after real servers. The lab does the same with some of them: test/e2e/drills.ts.
 */

const vip = '10.77.0.100';
const webs = ['web1', 'web2'];
const service = makeService(webs, { sorryServer: { host: 'web3', address: '10.77.0.3', port: 80 } });
const cluster = makeShop({ services: [service], sites: [makeSite(webs), makeSite(['web3'], { name: 'sorry' })] });
const holding = { interface: 'eth0', address: vip, prefix: 32, family: 4 } as const;

const context: DrillContext = {
  cluster,
  observations: new Map([
    ['lb1', makeObservation('lb1', [], { addresses: [holding] })],
    ['lb2', makeObservation('lb2')],
  ]),
  means: new Map(['lb1', 'lb2'].map((name) => [name, { blocking: 'tc' }])),
  isLab: true,
  draining: () => [],
};

/** Who holds the VIP from a moment on, and which servers each of them has in its table. */
interface State {
  readonly at: number;
  readonly holders: readonly string[];
  /** The last digits of their addresses, on lb1 and on lb2. */
  readonly servers: readonly [readonly number[], readonly number[]];
}

/** What comes to pass: states in their order, and from when to when nobody answers. */
interface Story {
  readonly states: readonly State[];
  readonly silent: readonly [from: number, to: number];
}

const fault = 2_000;
const heal = 12_000;
const healed = 12_500;
const all = [1, 2];
const whole: State = { at: 0, holders: ['lb1'], servers: [all, all] };

/** The master is gone, or hangs with the VIP on it, and is there again; the backup takes over or does not. */
const loss = (sound: boolean, left: readonly string[] = []): Story => ({
  states: [
    whole,
    { ...whole, at: fault + 300, holders: sound ? [...left, 'lb2'] : left },
    { ...whole, at: healed + 300 },
  ],
  // The kernel of a master that hangs goes on with its table.
  silent: [fault, sound ? fault + 300 : left.length > 0 ? fault : healed + 300],
});

/** Real servers are down for a while; both directors see it, or only the one whose keepalived does not hang. */
const removal = (sound: boolean, left: readonly number[], at: number, silent: Story['silent']): Story => ({
  states: [whole, { ...whole, at, servers: [left, sound ? left : all] }, { ...whole, at: healed + 500 }],
  silent,
});

const stories: Readonly<
  Record<string, { readonly story: (sound: boolean) => Story; readonly missed: readonly MeasureKind[] }>
> = {
  drain: {
    story: (sound) => removal(sound, [1], fault - 500, [0, 0]),
    missed: ['detection'],
  },
  'stop-service': {
    story: (sound) => removal(sound, [1], fault + 1_000, [fault, fault + 1_000]),
    missed: ['detection', 'failures'],
  },
  'all-real-servers': {
    story: (sound) => removal(sound, [3], fault + 1_000, [fault, fault + 1_000]),
    missed: ['takeover', 'failures'],
  },
  'stop-keepalived': { story: (sound) => loss(sound), missed: ['takeover', 'gap'] },
  'master-returns': { story: (sound) => loss(sound), missed: ['gap'] },
  'freeze-keepalived': { story: (sound) => loss(sound, ['lb1']), missed: ['takeover'] },
  'kill-keepalived': { story: (sound) => loss(sound), missed: ['takeover', 'gap'] },
  'block-vrrp': {
    story: (sound) => ({
      states: [
        whole,
        { ...whole, at: fault + 3_000, holders: sound ? ['lb1', 'lb2'] : ['lb1'] },
        { ...whole, at: healed + 300 },
      ],
      silent: [0, 0],
    }),
    missed: ['detection'],
  },
  'link-down': { story: (sound) => loss(sound), missed: ['takeover', 'gap'] },
  reboot: { story: (sound) => loss(sound), missed: ['takeover', 'gap'] },
  'power-off': { story: (sound) => loss(sound), missed: ['takeover', 'gap'] },
};

function snapshot(state: State, director: 'lb1' | 'lb2'): Snapshot {
  const servers = state.servers[director === 'lb1' ? 0 : 1];
  return {
    addresses: new Set(state.holders.includes(director) ? [vip] : []),
    table: [
      {
        key: { protocol: 'TCP', address: vip, port: 80 },
        scheduler: 'wrr',
        persistence: undefined,
        options: [],
        servers: servers.map((digit) => ({
          address: `10.77.0.${digit}`,
          port: 80,
          forward: 'Route',
          weight: 1,
          activeConnections: 0,
          inactiveConnections: 0,
        })),
      },
    ],
  };
}

/** A request every 50 ms. */
function asked([from, to]: Story['silent'], end: number): Stream {
  const samples = Array.from({ length: end / 50 }, (_, index): Sample => {
    const at = index * 50;
    return [at, 5, at >= from && at < to ? 0 : 1];
  });
  return {
    ...{ from: 'operator', service: 'www', destination: `${vip}:80`, limit: 900 },
    ...{ interval: { wished: 50, median: 50 }, samples, ...tally(samples) },
  };
}

function recording({ states, silent }: Story): Recording {
  const end = 30_000;
  const looks = states.flatMap((state) =>
    (['lb1', 'lb2'] as const).map((director) => ({ at: state.at, director, snapshot: snapshot(state, director) })),
  );
  return { first: fault - 1_000, fault, heal, healed, end, looks, streams: [asked(silent, end)] };
}

/** The kinds of what a drill missed, each once. */
function missed(name: string, sound: boolean): MeasureKind[] {
  const setup = drills.find((one) => one.name === name)?.prepare(context);
  const story = stories[name]?.story(sound);
  if (!setup?.ok || story === undefined) throw new Error(`${name} cannot be told`);
  const measures = judge(setup.value, recording(story), cluster);
  expect(measures.length).toBeGreaterThan(1);
  return [...new Set(measures.filter(({ ok }) => !ok).map(({ kind }) => kind))];
}

test('the story of every drill is told', () => {
  expect(Object.keys(stories)).toEqual(drills.map(({ name }) => name));
});

describe.each(Object.entries(stories))('%s', (name, story) => {
  test('holds on a cluster that does what it should', () => {
    expect(missed(name, true)).toEqual([]);
  });

  test('fails where the keepalived of the backup hangs', () => {
    expect(missed(name, false)).toEqual(story.missed);
  });
});
