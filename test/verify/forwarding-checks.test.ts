import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Cluster, Forwarding } from '../../src/inventory/cluster.ts';
import { largeRequests } from '../../src/verify/checks/large-requests.ts';
import { realServerArp } from '../../src/verify/checks/real-server-arp.ts';
import { realServerListens } from '../../src/verify/checks/real-server-listens.ts';
import { realServerRoute } from '../../src/verify/checks/real-server-route.ts';
import { tunnelReversePath } from '../../src/verify/checks/tunnel-reverse-path.ts';
import { drCluster, onceReply, vip, withService, World } from './world.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await drCluster();
});

const nat: Forwarding = { mode: 'NAT', gateway: '10.77.0.99', route: undefined, conntrack: false };
const tunnel: Forwarding = { mode: 'TUN', tunnel: { type: 'ipip' }, outer: 4, mtu: 1_500 };
const names = ['web1', 'web2', 'web3'];

/** The world of the example, forwarded in another way. */
function world(forwarding: Forwarding): World {
  return new World(withService(cluster, { forwarding }));
}

const brief = (one: { status: string; where: string; seen: string }): string =>
  `${one.status} ${one.where}: ${one.seen}`;

describe('real-server-route', () => {
  const answer = (gateway: string): string =>
    ['198.51.100.1', '10.77.0.17']
      .map((to) => `to ${to}\n${to} from 10.77.0.13 via ${gateway} dev eth0 uid 0\n    cache\n`)
      .join('');

  it('asks the kernel how it would answer clients far and near', () => {
    const evidence = world(nat).evidence();
    const sh = realServerRoute.section('before', 'web1', evidence)?.sh ?? '';
    expect(sh).toContain(`ip -4 route get '198.51.100.1' from '10.77.0.13'`);
    expect(sh).toContain(`ip -4 route get '10.77.0.17' from '10.77.0.13'`);
    expect(realServerRoute.section('before', 'lb1', evidence)).toBeUndefined();
    expect(realServerRoute.section('before', 'web1', world(tunnel).evidence())).toBeUndefined();
  });

  it('holds where the answers go to the inner VIP, and not where they do not', () => {
    const seen = world(nat);
    seen.answer('before', 'web1', 'real-server-route', answer('10.77.0.99'));
    seen.answer('before', 'web2', 'real-server-route', answer('10.77.0.1'));
    seen.answer(
      'before',
      'web3',
      'real-server-route',
      'to 198.51.100.1\nRTNETLINK answers: Network is unreachable\nto 10.77.0.17\n',
    );
    expect(realServerRoute.judge(seen.evidence()).map(brief)).toEqual([
      'ok web1: 198.51.100.1 from 10.77.0.13 via 10.77.0.99 dev eth0 uid 0',
      'ok web1: 10.77.0.17 from 10.77.0.13 via 10.77.0.99 dev eth0 uid 0',
      'failed web2: 198.51.100.1 from 10.77.0.13 via 10.77.0.1 dev eth0 uid 0',
      'failed web2: 10.77.0.17 from 10.77.0.13 via 10.77.0.1 dev eth0 uid 0',
      'failed web3: RTNETLINK answers: Network is unreachable',
      'failed web3: no route',
    ]);
  });
});

describe('tunnel-reverse-path', () => {
  it('holds for anything but strict filtering', () => {
    const seen = world(tunnel);
    const key = 'sysctl net.ipv4.conf.tunl0.rp_filter';
    seen.state('web1', key, { own: '0', effective: '0' });
    seen.state('web2', key, { own: '0', effective: '1' });
    expect(tunnelReversePath.judge(seen.evidence()).map(brief)).toEqual([
      'ok web1: effective value 0',
      'failed web2: effective value 1',
      'unknown web3: net.ipv4.conf.tunl0.rp_filter could not be read',
    ]);
  });
});

describe('large-requests', () => {
  test.each([
    ['DR', (): World => new World(cluster)],
    ['NAT', (): World => world(nat)],
    ['TUN', (): World => world(tunnel)],
  ])('sends more than a packet carries: %s', (_mode, make) => {
    const sh = largeRequests.section('during', 'probe1', make().evidence())?.sh ?? '';
    expect(/'(x+)'/.exec(sh)?.[1]).toHaveLength(4_000);
    expect(largeRequests.section('during', 'lb1', make().evidence())).toBeUndefined();
  });

  it('holds where an answer came, whatever it says of the size', () => {
    const seen = world(tunnel);
    seen.answer('during', 'probe1', 'large-requests', onceReply(0, 'HTTP/1.1 431 Request Header Fields Too Large\r'));
    seen.answer('during', 'operator', 'large-requests', onceReply(0, 'curl: (28) timed out', 28));
    expect(largeRequests.judge(seen.evidence()).map(brief)).toEqual([
      'ok probe1: status 431',
      'failed operator: no answer in time',
    ]);
  });

  it('knows nothing where there is no client, and nothing good of what is no page', () => {
    const seen = world(tunnel);
    seen.answer('during', 'probe1', 'large-requests', onceReply(0, 'neither curl nor bash is there', 127));
    seen.answer('during', 'operator', 'large-requests', onceReply(0, '220 mail\r'));
    expect(largeRequests.judge(seen.evidence()).map(({ status }) => status)).toEqual(['unknown', 'failed']);
  });
});

describe('real-server-arp', () => {
  it('wants the VIP on the device of the mode', () => {
    const seen = world(tunnel);
    for (const name of names) {
      seen.address(name, { interface: 'lo', address: vip, prefix: 32 }, false);
      seen.address(name, { interface: 'tunl0', address: vip, prefix: 32 });
    }
    seen.address('web3', { interface: 'eth0', address: vip, prefix: 32 });
    expect(seen.troubles(realServerArp).map(brief)).toEqual([
      'failed web3: 10.77.0.100/32 on tunl0, 10.77.0.100/32 on eth0',
    ]);
    expect(world({ mode: 'DR', device: 'dummy0' }).troubles(realServerArp)).toHaveLength(3);
  });

  it('has nothing to say of NAT', () => {
    expect(realServerArp.judge(world(nat).evidence())).toEqual([]);
  });
});

describe('real-server-listens', () => {
  it("wants a socket on the real server's own address with NAT", () => {
    const seen = world(nat);
    seen.answer('before', 'web1', 'real-server-listens', 'TCP LISTEN 0 511 10.77.0.13:80 0.0.0.0:*\n');
    seen.answer('before', 'web2', 'real-server-listens', `TCP LISTEN 0 511 ${vip}:80 0.0.0.0:*\n`);
    expect(seen.troubles(realServerListens).map(brief)).toEqual([`failed web2: listens on ${vip}`]);
  });
});
