import { expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { departedHosts, type Departed } from '../../src/plan/departed.ts';
import { withDrained } from '../../src/plan/drained.ts';
import { departedText } from '../../src/report/departed.ts';
import { makeHost, makeObservation, makeService, makeShop, wishesOf } from '../support/cluster.ts';

const conf = 'file /etc/keepalived/keepalived.conf';
const shop = makeShop();

/** What lb1 has for its configuration, as the inventory of before made it. */
function contentOf(before: Cluster): string {
  const found = wishesOf(before)[0]?.resources.find(({ ref }) => ref === conf)?.resource;
  return (found?.kind === 'file' ? found.content : undefined) ?? '';
}

function departed(now: Cluster, content: string, ours = true): Departed[] {
  const state = { state: 'file', mode: '0640', owner: 'root', group: 'root', content };
  const observation = makeObservation('lb1', [[conf, state]]);
  const manifest = new Map(ours ? [[conf, {} as never]] : []);
  return departedHosts(now, new Map([['lb1', { ...observation, manifest }]]));
}

const web3 = { name: 'web3', address: '10.77.0.3' };
const without3 = { ...shop, hosts: shop.hosts.filter(({ name }) => name !== 'web3') };

test.each<[what: string, now: Cluster, content: string, ours: boolean, expected: readonly Departed[]]>([
  ['nobody', shop, contentOf(shop), true, []],
  ['one that is still in the inventory', makeShop({ services: [makeService(['web1'])] }), contentOf(shop), true, []],
  ['one that left it', without3, contentOf(shop), true, [web3]],
  ['one that is drained', without3, contentOf(withDrained(shop, { names: ['web3'], asOf: 1 })), true, [web3]],
  [
    'one that has another address now',
    { ...without3, hosts: [...without3.hosts, makeHost('web3', { addresses: [] })] },
    contentOf(shop),
    true,
    [],
  ],
  ['one of a configuration of others', without3, contentOf(shop), false, []],
  [
    'one without a name',
    without3,
    'real_server 10.77.0.3 80 {\n}\n',
    true,
    [{ name: undefined, address: web3.address }],
  ],
  ['what is no address', without3, '# a\u001b[2J\nreal_server $(reboot) 80 {\n}\n', true, []],
])('%s', (_what, now, content, ours, expected) => {
  expect(departed(now, content, ours)).toEqual(expected);
});

test('a line says who left and what to do', () => {
  expect(departedText([])).toEqual([]);
  expect(departedText([web3])[0]).toContain('web3 (10.77.0.3). What lvsctl put there stays');
});
