import { base } from '../reading.ts';
import type { Case } from './case.ts';

const www = 'services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web*] }\n';

/** Virtual services that cannot work. */
export const serviceCases: readonly Case[] = [
  [
    'two-services-one-vip-port',
    `${base}${www}  many: { vip: 10.77.0.100, «ports: [8080, 79-81], realServers: [web1] }\n`,
    'many is TCP port 80 of 10.77.0.100, and so is www',
  ],
  [
    'mark-unique',
    `${base}services:\n  a: { vip: 10.77.0.100, ports: [80, 81], mark: 7, realServers: [web1] }\n  b: { vip: 10.77.0.101, port: 80, mark: «7, realServers: [web1] }\n`,
    'b has the firewall mark 7 of a',
  ],
  [
    'mark-keeps-ports',
    `cluster: a\nhosts:\n  lb1: { address: 10.77.0.11, interfaces: { eth1: 10.78.0.11 } }\n  web1: { address: 10.78.0.13, interface: eth1 }\ndirectors: [lb1]\nservices:\n  w: { vip: 10.77.0.100, ports: [80, 443], mode: NAT, gateway: 10.78.0.100, realServers: [{ host: web1, port: «8080 }] }\nvrrp: { A: { vips: [10.77.0.100] }, B: { vips: [10.78.0.100] } }\n`,
    'web1 listens on port 8080',
  ],
  [
    'scheduler-flags',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, scheduler: mh, schedulerFlags: [mh-port, «sh-fallback], realServers: [web1] }\n`,
    'sh-fallback is a flag of the scheduler sh, and www has mh',
  ],
  [
    'one-packet-udp',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, onePacket: «true, realServers: [web1] }\n`,
    'onePacket is for UDP',
  ],
  [
    'one-packet-udp',
    `${base}services:\n  dns: { vip: 10.77.0.100, port: 53, protocol: UDP, check: { dns: . }, persistence: 60, onePacket: «true, realServers: [web1] }\n`,
    'keeps the client of dns with one server',
  ],
  [
    'persistence-fits',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, persistence: { granularity: «64 }, realServers: [web1] }\n`,
    '64 bits are more than an IPv4 address has',
  ],
  [
    'persistence-fits',
    `${base}services:\n  sip: { vip: 10.77.0.100, port: 5060, persistence: { engine: «sip }, realServers: [web1] }\n`,
    'the engine sip reads SIP over UDP, and sip is TCP',
  ],
  [
    'quorum-reachable',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, quorum: «4, realServers: [web*] }\n`,
    'have a weight of 3 together, and its quorum is 4',
  ],
  [
    'quorum-reachable',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, quorum: «3, hysteresis: 1, realServers: [web*] }\n`,
    'its quorum is 3 and the hysteresis of 1',
  ],
  [
    'quorum-reachable',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, hysteresis: «1, realServers: [web*] }\n`,
    'a hysteresis of 1 is not less than the quorum of www, 1',
  ],
  [
    'thresholds-apart',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1, { host: web2, upperThreshold: 9, lowerThreshold: «9 }] }\n`,
    'the lower threshold of web2, 9, is not below the upper one, 9',
  ],
  [
    'thresholds-apart',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [{ host: web2, lowerThreshold: «9 }] }\n`,
    'a lower threshold and no upper one',
  ],
  [
    'check-fits-protocol',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, check: { udp: «true }, realServers: [web1] }\n`,
    'www is TCP, and a check by udp asks by UDP',
  ],
  [
    'check-fits-protocol',
    `${base}services:\n  sctp: { vip: 10.77.0.100, port: 80, protocol: SCTP, check: { ping: true }, realServers: [{ host: web1, check: { tcp: «true } }] }\n`,
    'sctp is SCTP, and a check by tcp asks by TCP',
  ],
  [
    'sorry-server-apart',
    `${base}services:\n  www: { vip: 10.77.0.100, port: 80, sorryServer: «web1, realServers: [web*] }\n`,
    'web1 is a real server of www, and its sorry server',
  ],
  [
    'sorry-server-apart',
    `${base}services:\n  www:\n    vip: 10.77.0.100\n    port: 80\n    «sorryServer: { host: web3, port: 81 }\n    realServers: [web1]\n`,
    'the sorry server listens on port 81, but DR keeps the port 80',
  ],
];
