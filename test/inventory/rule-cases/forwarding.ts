import type { Case } from './case.ts';

/** Two networks: the directors in both, web1 and web2 in the inner one alone, web3 in both. */
const hosts = `cluster: a
hosts:
  lb[1:2]: { address: 10.77.0.[11:12], interfaces: { eth1: 10.78.0.[11:12] } }
  web[1:2]: { address: 10.78.0.[13:14], interface: eth1 }
  web3: { address: 10.77.0.15, interfaces: { eth1: 10.78.0.15 } }
  far1: { address: 192.0.2.9 }
  probe1: { address: 10.77.0.17 }
directors: [lb1, lb2]
services:
`;

const nat = 'vip: 10.77.0.100, port: 80, mode: NAT';

/** What breaks the rules about forwarding modes. */
export const forwardingCases: readonly Case[] = [
  [
    'dr-equal-ports',
    `${hosts}  t: { vip: 10.77.0.100, port: 80, mode: TUN, realServers: [{ host: web3, port: «8080 }] }\n`,
    'a tunnel keeps the port 80',
  ],
  [
    'real-servers-on-vip-network',
    `${hosts}  w: { vip: 10.77.0.100, port: 80, realServers: [web3, «far1] }\n`,
    'far1 (192.0.2.9) is not in the network',
  ],
  [
    'nat-gateway-network',
    `${hosts}  w: { ${nat}, gateway: 10.78.0.100, realServers: [web1, «far1] }\n`,
    'far1 (192.0.2.9/24) cannot reach the inner VIP 10.78.0.100',
  ],
  [
    'nat-client-network',
    `${hosts}  w: { vip: «10.78.0.99, port: 80, mode: NAT, gateway: 10.78.0.100, realServers: [web1] }\n`,
    'its neighbours cannot be clients',
  ],
  [
    'nat-client-network',
    `${hosts}  w: { vip: «10.77.0.100, port: 80, mode: NAT, gateway: 10.78.0.100, realServers: [web3] }\n`,
    'in a network of the real servers of w',
  ],
  [
    'nat-client-network',
    `${hosts}  w: { ${nat}, gateway: 10.78.0.100, realServers: [web1] }\nverify: { from: [«probe2] }\n`.replace(
      '  probe1: { address: 10.77.0.17 }\n',
      '  probe2: { address: 10.78.0.17 }\n',
    ),
    'probe2 (10.78.0.17) is in a network of a real server',
  ],
  [
    'nat-one-gateway',
    `${hosts}  w: { ${nat}, gateway: 10.78.0.100, realServers: [web1] }\n  v: { vip: 10.77.0.101, port: 80, mode: NAT, gateway: «10.78.0.101, realServers: [web1] }\n`,
    'by 10.78.0.101 for v and by 10.78.0.100 for w',
  ],
  [
    'nat-one-gateway',
    `${hosts}  d: { vip: 10.78.0.90, port: 80, realServers: [web1] }\n  w: { ${nat}, «gateway: { vip: 10.78.0.100, route: default }, realServers: [web1] }\n`,
    'web1 would answer by the director for d (DR)',
  ],
  [
    'nat-one-gateway',
    `${hosts.replace('eth1: 10.78.0.15', 'eth1: 10.78.0.15, eth2: 10.79.0.15').replace('eth1: 10.78.0.[11:12]', 'eth1: 10.78.0.[11:12], eth2: 10.79.0.[11:12]').replace('web3: { address: 10.77.0.15, ', 'web3: { address: 10.76.0.15, ')}  w: { ${nat}, gateway: { vip: 10.78.0.100, route: default }, realServers: [web3] }\n  v: { vip: 10.77.0.101, port: 80, mode: NAT, «gateway: { vip: 10.79.0.100, route: default }, realServers: [web3] }\n`,
    'two default gateways',
  ],
  [
    'tunnel-mtu',
    `${hosts}  t: { vip: 10.77.0.100, port: 80, mode: TUN, mtu: «590, realServers: [far1] }\n`,
    '590 bytes leave 570 inside the ipip tunnel of t, and IPv4 needs 576',
  ],
  [
    'tunnel-mtu',
    'cluster: a\nhosts:\n  lb1: { address: fd77::11 }\n  web1: { address: fd77::13 }\ndirectors: [lb1]\nservices:\n  t: { vip: fd77::100, port: 80, mode: TUN, tunnel: { gue: 6080 }, mtu: «1300, realServers: [web1] }\n',
    '1300 bytes leave 1248 inside the gue tunnel of t, and IPv6 needs 1280',
  ],
  [
    'vip-device-free',
    `${hosts}  w: { vip: 10.77.0.100, port: 80, device: «eth1, realServers: [web3] }\n`,
    'eth1 is a NIC of web3',
  ],
  [
    'vip-device-free',
    `${hosts}  w: { vip: 10.77.0.100, port: 80, device: «gre0, realServers: [web3] }\n`,
    'gre0 is the device of a tunnel module',
  ],
  [
    'gue-port-free',
    `${hosts}  t: { vip: 10.77.0.100, port: 80, mode: TUN, «tunnel: { gue: 6080 }, realServers: [web3] }\n  u: { vip: 10.77.0.100, port: 6080, protocol: UDP, check: { tcp: true }, realServers: [web3] }\n`,
    'web3 serves u on UDP port 6080',
  ],
  [
    'tunnel-sync-daemon',
    "cluster: a\nhosts:\n  lb1: { address: 10.77.0.11, address6: 'fd77::11' }\n  web1: { address: 10.77.0.13 }\ndirectors: [lb1]\nipvs: { syncDaemon: true }\nservices:\n  t: { vip: 'fd77::100', port: 80, mode: TUN, outer: «4, realServers: [web1] }\n",
    't has an IPv6 VIP and a tunnel over IPv4',
  ],
];
