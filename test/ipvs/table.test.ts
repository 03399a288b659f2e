import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortest } from '../../src/ipvs/desired.ts';
import { parseCounters, parseTable, serviceName, type Forward, type ServiceKey } from '../../src/ipvs/table.ts';
import { countersListing, listing } from './listing.ts';

const seen = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.77.0.100:80 wrr persistent 300
  -> 10.77.0.13:80                Route   1      0          7         
  -> 10.77.0.15:80                Masq    2      12         0         
TCP  10.77.0.100:443 sh (sh-fallback,sh-port) persistent 60 mask 255.255.255.0 pe sip
UDP  10.77.0.100:53 rr ops
  -> 10.77.0.13:53                Tunnel  0      0          0         
FWM  1 wlc
  -> 10.77.0.13:0                 Local   1      0          0         
FWM  2 IPv6 rr
TCP  [fd00:77::100]:80 wlc
  -> [fd00:77::13]:80             Route   1      0          0         
`;

describe('parseTable', () => {
  it('reads what ipvsadm prints', () => {
    const table = parseTable(seen);
    if (!table.ok) throw new Error(table.error);
    expect(table.value.map(({ key }) => serviceName(key))).toEqual([
      '10.77.0.100:80 TCP',
      '10.77.0.100:443 TCP',
      '10.77.0.100:53 UDP',
      'firewall mark 1',
      'firewall mark 2 IPv6',
      '[fd00:77::100]:80 TCP',
    ]);
    const [www, tls, dns, , , six] = table.value;
    expect(www).toMatchObject({ scheduler: 'wrr', persistence: 300, options: [] });
    expect(www?.servers[1]).toEqual({
      address: '10.77.0.15',
      port: 80,
      forward: 'Masq',
      weight: 2,
      activeConnections: 12,
      inactiveConnections: 0,
    });
    expect(tls).toMatchObject({
      scheduler: 'sh',
      persistence: 60,
      options: ['(sh-fallback,sh-port)', 'mask 255.255.255.0', 'pe sip'],
    });
    expect(dns?.options).toEqual(['ops']);
    expect(dns?.servers[0]?.weight).toBe(0);
    expect(six?.servers[0]?.address).toBe('fd00:77::13');
  });

  it('reads an empty table', () => {
    expect(parseTable(listing([]))).toEqual({ ok: true, value: [] });
  });

  it.each([
    ['sh: 1: ipvsadm: not found', 'this is not a listing of ipvsadm'],
    ['', 'this is not a listing of ipvsadm'],
    ["Can't initialize ipvs: Protocol not available\n", 'this is not a listing of ipvsadm'],
    [`${seen}ICMP 10.0.0.1:80 rr\n`, 'line 15 makes no sense: ICMP 10.0.0.1:80 rr'],
    [`${seen}TCP  10.0.0.1:99999 rr\n`, 'line 15 makes no sense'],
    [`${seen}TCP  10.0.0.1:80\n`, 'line 15 makes no sense'],
    [`${seen}TCP  10.0.0.1:80 rr persistent soon\n`, 'line 15 makes no sense'],
    [`${seen}  -> 10.0.0.2:80 Teleport 1 0 0\n`, 'line 15 makes no sense'],
    [`${seen}  -> 10.0.0.2:80 Route one 0 0\n`, 'line 15 makes no sense'],
    [`${listing([])}  -> 10.0.0.2:80 Route 1 0 0\n`, 'line 4 makes no sense'],
  ])('refuses %j', (text, error) => {
    const table = parseTable(text);
    expect(table.ok ? 'read' : table.error).toContain(error);
  });

  it('gives back every table that can be printed', () => {
    fc.assert(
      fc.property(fc.array(service, { maxLength: 6 }), (services) => {
        expect(parseTable(listing(services))).toEqual({ ok: true, value: services });
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(parseTable(text)).toHaveProperty('ok');
        expect(parseCounters(text)).toHaveProperty('ok');
      }),
      { numRuns: 500 },
    );
  });

  it('takes no longer than it should for a long hostile line', () => {
    const line = `${listing([])}TCP  ${'10.0.0.1:80 '.repeat(20_000)}${' '.repeat(100_000)}x\n`;
    const start = performance.now();
    parseTable(line);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('parseCounters', () => {
  it('gives back all counters that can be printed', () => {
    fc.assert(
      fc.property(fc.array(counted, { maxLength: 6 }), (services) => {
        expect(parseCounters(countersListing(services))).toEqual({ ok: true, value: services });
      }),
    );
  });

  it('refuses a number that is none', () => {
    const text = `${countersListing([])}TCP  10.0.0.1:80  1 2 3 4K 5\n`;
    expect(parseCounters(text)).toEqual({ ok: false, error: 'line 4 makes no sense: TCP  10.0.0.1:80  1 2 3 4K 5' });
  });
});

const port = fc.integer({ min: 0, max: 65535 });
const address = fc.oneof(fc.ipV4(), fc.ipV6().map(shortest));
const key: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({ protocol: fc.constantFrom('TCP' as const, 'UDP' as const, 'SCTP' as const), address, port }),
  fc.record({
    protocol: fc.constant('FWM' as const),
    mark: fc.integer({ min: 1, max: 0xffff_ffff }),
    family: fc.constantFrom(4 as const, 6 as const),
  }),
);
const service = fc.record({
  key,
  scheduler: fc.constantFrom('rr', 'wrr', 'lc', 'wlc', 'sh', 'mh'),
  persistence: fc.option(fc.integer({ min: 1, max: 86400 }), { nil: undefined }),
  options: fc.subarray(['(sh-port)', 'mask 255.255.255.0', 'pe sip', 'ops']),
  servers: fc.array(
    fc.record({
      address,
      port,
      forward: fc.constantFrom<Forward>('Route', 'Masq', 'Tunnel', 'Local'),
      weight: port,
      activeConnections: fc.nat(),
      inactiveConnections: fc.nat(),
    }),
    { maxLength: 4 },
  ),
});
const numbers = {
  connections: fc.maxSafeNat(),
  packetsIn: fc.nat(),
  packetsOut: fc.nat(),
  bytesIn: fc.nat(),
  bytesOut: fc.nat(),
};
const counted = fc.record({
  key,
  ...numbers,
  servers: fc.array(fc.record({ address, port, ...numbers }), { maxLength: 4 }),
});
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.oneof(fc.constantFrom('TCP', 'FWM', '->', '[', ']:', ':', ' ', '\n', 'IPv6', '%', '1'), fc.string()))
    .map((parts) => `${seen}${parts.join('')}`),
);
