import { base } from '../reading.ts';
import type { Case } from './case.ts';

const www = (check: string, more = '') =>
  `services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1], check: ${check} }\n${more}`;

/** BFD sessions and policy routing that cannot work. */
export const keepalivedCases: readonly Case[] = [
  [
    'bfd-neighbor',
    `${base}vrrp: { A: { vips: [10.77.0.100], track: [{ bfd: «10.77.0.12 }] } }\n`,
    '10.77.0.12 is lb2 itself',
  ],
  [
    'bfd-neighbor',
    `${base}vrrp: { A: { vips: [10.77.0.100], track: [{ bfd: «fd77::1 }] } }\n`,
    'lb1 has no address to speak with fd77::1 from',
  ],
  [
    'bfd-settings-agree',
    `${base}${www('{ bfd: true }')}vrrp: { A: { vips: [10.77.0.100], track: [{ bfd: 10.77.0.1 }, { «bfd: { neighbor: 10.77.0.1, minTx: 50 } }] } }\n`,
    'the session with 10.77.0.1 has other settings elsewhere',
  ],
  [
    'bfd-settings-agree',
    `${base}${www('{ bfd: true }', '  mail: { vip: 10.77.0.100, port: 25, realServers: [web1], «check: [{ smtp: true }, { bfd: { minRx: 50 } }] }\n')}`,
    'the session with 10.77.0.13 has other settings elsewhere',
  ],
  [
    'virtual-rule-family',
    `${base}vrrp:\n  A:\n    vips: [10.77.0.100]\n    rules:\n      - { from: 10.77.0.100, table: 9 }\n      - «{ from: 10.9.0.0/16, to: 'fd09::/64', table: 9 }\n`,
    'a rule of A mixes IPv4 and IPv6: 10.9.0.0/16, fd09::/64',
  ],
  [
    'check-fits-protocol',
    `${base}services:\n  dns: { vip: 10.77.0.100, port: 53, protocol: UDP, check: [{ dns: . }, { http: «/ }], realServers: [web1] }\n`,
    'dns is UDP, and a check by http asks by TCP',
  ],
];
