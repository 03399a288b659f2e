import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { pictureOf, pictureWords, type Picture } from '../../src/report/picture.ts';
import { pictureMermaid } from '../../src/report/picture/mermaid.ts';
import { pictureSvg } from '../../src/report/picture/svg.ts';
import { loadDr } from '../support/dr.ts';
import type { World } from '../verify/world.ts';
import { vip } from '../verify/world.ts';
import { sampleWorld, spoil, verificationOf } from './sample.ts';

async function seen(change: (world: World) => unknown): Promise<Picture> {
  const world = await sampleWorld();
  change(world);
  return pictureOf(world.cluster, verificationOf(world).sight);
}

const states = ({ lanes }: Picture): string[] =>
  lanes.flatMap(({ boxes }) =>
    boxes.filter(({ says }) => says !== '').map(({ title, state, says }) => `${title} ${state}: ${says}`),
  );

describe('the picture', () => {
  it('of an inventory alone has no states, and the preferred director holds the VIP', async () => {
    const picture = pictureOf(await loadDr());
    expect(states(picture)).toEqual([]);
    expect(picture.lanes.map(({ title, boxes }) => `${title}: ${boxes.map((one) => one.title).join(' ')}`)).toEqual([
      'Clients: probe1 operator',
      `VIPs: ${vip}`,
      'Directors: lb1 lb2',
      'Real servers: web1 web2 web3',
      'Storage: nas1',
    ]);
    expect(picture.links.filter(({ from }) => from === `vip ${vip}`)).toMatchObject([
      { to: 'host lb1', state: 'plain' },
    ]);
  });

  it('of a sound cluster is green', async () => {
    expect(states(await seen(() => undefined))).toEqual([
      `${vip} good: held by lb1`,
      'lb1 good: holds a VIP',
      'lb2 plain: stands by',
      'web1 good: in the table',
      'web2 good: in the table',
      'web3 good: in the table',
      'nas1 good: answers',
    ]);
  });

  const cases: [string, (world: World) => unknown, string][] = [
    ['a real server out of the table', spoil, 'web2 bad: out of the table'],
    [
      'a host that was not reached',
      (world) => {
        world.unreach('web3');
      },
      'web3 bad: was not reached',
    ],
    [
      'two holders',
      (world) => {
        world.address('lb2', { interface: 'eth0', address: vip, prefix: 32 });
      },
      `${vip} bad: held by lb1 and lb2`,
    ],
    [
      'no holder',
      (world) => {
        world.address('lb1', { interface: 'eth0', address: vip, prefix: 32 }, false);
      },
      `${vip} bad: held by nobody`,
    ],
  ];
  it.each(cases)('shows %s', async (_what, change, expected) => {
    expect(states(await seen(change))).toContain(expected);
  });

  it('says the same in words', async () => {
    const words = pictureWords(await seen(spoil)).flatMap((one) => one.words);
    expect(words).toContain('lb1, 10.77.0.11, VI_1: priority 150; holds a VIP; sends to web1, web2 and web3');
    expect(words).toContain('web2, 10.77.0.14, www: port 80, weight 1; out of the table; has files from nas1');
  });
});

/** A cluster with so many real servers. */
function many(cluster: Cluster, number: number): Cluster {
  const [host] = cluster.hosts.filter(({ name }) => name === 'web1');
  const [service] = cluster.services;
  const [server] = service?.realServers ?? [];
  if (!host || !service || !server) throw new Error('the example has changed');
  const names = Array.from({ length: number }, (_, index) => `web${index + 1}`);
  return {
    ...cluster,
    hosts: [
      ...cluster.hosts.filter(({ name }) => !name.startsWith('web')),
      ...names.map((name) => ({ ...host, name })),
    ],
    services: [{ ...service, realServers: names.map((name) => ({ ...server, host: name })) }],
  };
}

describe('as SVG', () => {
  it.each([1, 2, 5])('has every box within its frame, none over another, %d to a row', async (perRow) => {
    const { text } = pictureSvg(pictureOf(many(await loadDr(), 12)), perRow, 'title');
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(text)?.map(Number) ?? [];
    const boxes = [
      ...text.matchAll(/class="box[^"]*"\s+x="([\d.]+)"\s+y="([\d.]+)"\s+width="([\d.]+)"\s+height="([\d.]+)"/g),
    ].map((one) => one.slice(1).map(Number));
    expect(boxes).toHaveLength(18);
    for (const [index, [x = 0, y = 0, w = 0, h = 0]] of boxes.entries()) {
      expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
      for (const [ox = 0, oy = 0, ow = 0, oh = 0] of boxes.slice(index + 1))
        expect(x + w <= ox || ox + ow <= x || y + h <= oy || oy + oh <= y).toBe(true);
    }
  });
});

describe('as Mermaid', () => {
  it('has a node a box, an arrow a way, and no character with a meaning in a label', async () => {
    const picture = await seen(spoil);
    const [lane] = picture.lanes;
    const text = pictureMermaid({
      ...picture,
      lanes: [{ title: 'a"]; b', boxes: lane?.boxes ?? [] }, ...picture.lanes.slice(1)],
    });
    expect(text).toMatch(/^flowchart TD\n/);
    expect(text).toContain('subgraph l0["a#34;#93;; b"]');
    expect(text).toContain('n6["web2<br/>10.77.0.14<br/>www: port 80, weight 1<br/>out of the table"]');
    expect(text.match(/ (-->|-\.->|-\.-) /g)).toHaveLength(picture.links.length);
    expect(text).toContain('class n6 bad');
  });
});
