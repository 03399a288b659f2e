import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { compareTables } from '../../src/ipvs/compare.ts';
import { desiredTable } from '../../src/ipvs/desired.ts';
import { parseTable, type TableServer, type TableService } from '../../src/ipvs/table.ts';
import { listing } from './listing.ts';

let cluster: Cluster;
beforeAll(async () => {
  const loaded = await loadCluster(join(import.meta.dirname, '../../inventories/dr.yaml'), {});
  if (!loaded.ok) throw new Error('inventories/dr.yaml does not load');
  cluster = loaded.value;
});

/** The table of inventories/dr.yaml, as a director in order has it. */
function right(): TableService[] {
  const server = (address: string, weight: number): TableServer => ({
    ...{ address, port: 80, forward: 'Route', weight, activeConnections: 3, inactiveConnections: 4 },
  });
  return [
    {
      key: { protocol: 'TCP', address: '10.77.0.100', port: 80 },
      scheduler: 'wrr',
      persistence: undefined,
      options: [],
      servers: [server('10.77.0.15', 2), server('10.77.0.13', 1), server('10.77.0.14', 1)],
    },
  ];
}

const first = (table: TableService[], change: Partial<TableService>): TableService[] =>
  table.map((service, index) => (index === 0 ? { ...service, ...change } : service));
const servers = (table: TableService[], change: (one: TableServer) => TableServer[]): TableService[] =>
  table.map((service) => ({ ...service, servers: service.servers.flatMap(change) }));
const where = (address: string, change: Partial<TableServer>) => (one: TableServer) => [
  one.address === address ? { ...one, ...change } : one,
];

describe('compareTables', () => {
  it.each<[string, (table: TableService[]) => TableService[], string[]]>([
    ['the same, in another order', (table) => table, []],
    ['an empty table', () => [], ['- 10.77.0.100:80 TCP (www) missing, with its 3 real servers']],
    [
      'a server that is missing',
      (table) => servers(table, (one) => (one.address === '10.77.0.14' ? [] : [one])),
      ['- 10.77.0.100:80 TCP → 10.77.0.14:80 (web2) missing'],
    ],
    [
      'another weight',
      (table) => servers(table, where('10.77.0.15', { weight: 1 })),
      ['~ 10.77.0.100:80 TCP → 10.77.0.15:80 (web3) weight 1, wished 2'],
    ],
    [
      'another forwarding',
      (table) => servers(table, where('10.77.0.13', { forward: 'Masq' })),
      ['~ 10.77.0.100:80 TCP → 10.77.0.13:80 (web1) forwarded by Masq, wished Route'],
    ],
    [
      'a director that is a real server itself',
      (table) => servers(table, where('10.77.0.13', { forward: 'Local' })),
      [],
    ],
    [
      'another port',
      (table) => servers(table, where('10.77.0.13', { port: 8080 })),
      [
        '- 10.77.0.100:80 TCP → 10.77.0.13:80 (web1) missing',
        '+ 10.77.0.100:80 TCP → 10.77.0.13:8080 is not in the inventory (weight 1)',
      ],
    ],
    [
      'scheduler, persistence and options',
      (table) => first(table, { scheduler: 'rr', persistence: 300, options: ['ops'] }),
      [
        '~ 10.77.0.100:80 TCP scheduler rr, wished wrr',
        '~ 10.77.0.100:80 TCP persistent for 300 s, wished not persistent',
        '~ 10.77.0.100:80 TCP options ops, wished none',
      ],
    ],
    [
      'a service that nobody wished',
      (table) => [
        ...table,
        {
          key: { protocol: 'FWM', mark: 3, family: 4 },
          scheduler: 'rr',
          persistence: undefined,
          options: [],
          servers: [],
        },
      ],
      ['+ firewall mark 3 is not in the inventory (0 real servers)'],
    ],
  ])('%s', (_name, change, lines) => {
    const live = parseTable(listing(change(right())));
    if (!live.ok) throw new Error(live.error);
    expect(compareTables(desiredTable(cluster), live.value).map(({ line }) => line)).toEqual(lines);
  });

  it('knows an IPv6 address however it is written', () => {
    const [service] = cluster.services;
    if (!service) throw new Error('no service');
    const six: Cluster = {
      ...cluster,
      services: [
        {
          ...service,
          vip: 'fd00:77:0:0::0100',
          family: 6,
          realServers: service.realServers.slice(0, 1).map((server) => ({ ...server, address: 'FD00:77::13' })),
        },
      ],
    };
    const live = parseTable(`IP Virtual Server version 1.2.1 (size=4096)
TCP  [fd00:77::100]:80 wrr
  -> [fd00:77::13]:80             Route   1      0          0         
`);
    if (!live.ok) throw new Error(live.error);
    expect(compareTables(desiredTable(six), live.value)).toEqual([]);
  });
});
