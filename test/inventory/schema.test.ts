import { describe, expect, test } from 'vitest';
import { base, marked, problems } from './reading.ts';

/** A wrong inventory, its place marked by «, a part of the message, and a part of the hint. */
type Case = readonly [text: string, message: string, hint?: string];

const service = (keys: string) =>
  `${base}services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1], ${keys} }\n`;
const host = (keys: string) => `cluster: shop\nhosts:\n  a: { address: 10.0.0.1, ${keys} }\n`;

const shapes: readonly Case[] = [
  [`${base}«directorz: [lb1]\n`, 'unknown key "directorz"', 'did you mean "directors"?'],
  [host('«adress: 1'), 'unknown key "adress"', 'allowed here: address, address6, interfaces, ssh, become'],
  [host('ssh: { «usr: me }'), 'unknown key "usr"', 'did you mean "user"?\nallowed here: host, user, port'],
  [service('«sheduler: wrr'), 'unknown key "sheduler"', 'did you mean "scheduler"?'],
  [
    service('check: { «htp: / }'),
    'unknown key "htp"',
    'allowed here: tcp, http, https, smtp, dns, udp, ping, file, misc, bfd, status',
  ],
  [`${base}vrrp: { VI_1: { «auth_pass: x } }\n`, 'unknown key "auth_pass"', 'did you mean "authPass"?'],
  [
    `${base}services: { www: { vip: 10.77.0.9, port: 80, realServers: [{ host: web1, «weigth: 2 }] } }\n`,
    'unknown key "weigth"',
    'did you mean "weight"?',
  ],
  ['hosts: { a: { address: 10.0.0.1 } }\n', '"cluster" is missing', 'Name of the cluster.'],
  ['cluster: shop\n', '"hosts" is missing', 'a map'],
  ['cluster: shop\n«hosts: {}\n', 'there are no hosts'],
  ['cluster: shop\nhosts: «\n', 'found nothing, wanted a map', 'nothing stands after the colon'],
  ['«[1, 2]\n', 'found a list, wanted a map of cluster, hosts'],
  ['«shop\n', 'found the text "shop", wanted a map of cluster'],
  [
    `${base}services:\n  «www: { vip: 10.77.0.9, realServers: [web1] }\n`,
    '"port" is missing',
    'write port: 80, or ports: [80, 443] for several',
  ],
  [`cluster: shop\nhosts:\n  a: «\n`, 'found nothing, wanted a map of address'],
  [service('mode: «dr'), 'found the text "dr", wanted one of DR, NAT, TUN', 'did you mean "DR"?'],
  [service('tunnel: «grr'), 'found the text "grr", wanted one of ipip, gre'],
  [service('tunnel: { gue: «0 }'), 'wanted a whole number from 1 to 65535'],
  [service('mtu: «500'), 'found the number 500, wanted a whole number from 576 to 65535'],
  [service('device: «0eth'), '"0eth" is not a device name'],
  [service('scheduler: «wrrr'), 'wanted one of rr, wrr, lc', 'did you mean "wrr"?'],
  [service('persistence: «"300"'), 'found the text "300", wanted a whole number', 'write 300 without quotes'],
  [service('persistence: «0'), 'found the number 0, wanted a whole number from 1 to 2678400'],
  [service('check: { http: /, status: «42 }'), 'found the number 42, wanted a whole number from 100 to 599'],
  [service('check: { interval: «1.5 }'), 'found the number 1.5, wanted a whole number'],
  [service('check: { http: «healthz }'), '"healthz" is not a URL path: it starts with /'],
  [service('check: { http: «"/a b" }'), 'a URL path cannot contain a blank'],
  [service('check: { tcp: «false }'), 'found false, wanted true'],
  [service('protocol: «tcp'), 'wanted one of TCP, UDP', 'did you mean "TCP"?'],
  [
    `${base}«directors: lb1\n`.replace('directors: [lb1, lb2]\n', '').replace('«directors: ', 'directors: «'),
    'found the text "lb1", wanted a list of host patterns',
    'write [lb1]',
  ],
  [`${base}nginx:\n  www: { root: /srv, «hosts: [] }\n`, 'the list is empty'],
  [
    `${base}nginx: { www: { root: /srv, hosts: [«5] } }\n`,
    'found the number 5, wanted a host pattern',
    "quote it: '5'",
  ],
  [`${base}nginx: { www: { root: /srv, hosts: [«"web1, web2"] } }\n`, 'a host pattern cannot contain ","'],
  [`${base}nginx: { www: { root: /srv, hosts: [«"web1:web2"] } }\n`, 'one pattern an entry'],
  [`${base}nginx: { www: { root: «srv, hosts: [web1] } }\n`, 'is not an absolute path'],
  [`${base}nginx: { www: { root: «/srv/../etc, hosts: [web1] } }\n`, 'no "." or ".." between slashes'],
  [`${base}nginx: { www: { root: «/srv//a, hosts: [web1] } }\n`, 'no double slash'],
  [`${base}nginx: { www: { root: «/srv/, hosts: [web1] } }\n`, 'none at the end'],
  [
    `${base}nginx: { www: { root: «"/srv/$HOME", hosts: [web1] } }\n`,
    'cannot contain "$": these values end up in configuration files where quoting differs',
  ],
  [`${base}nginx: { www: { root: «"/srv/a\\nb", hosts: [web1] } }\n`, 'cannot contain a line break'],
  [`${base}nginx: { www: { root: «/srv/ü, hosts: [web1] } }\n`, 'cannot contain U+00FC'],
  [`${base}nginx: { «"a b": { root: /srv, hosts: [web1] } }\n`, 'a name cannot contain a blank'],
  [`${base}nginx: { www: { root: /srv, hosts: [web1], health: «/ } }\n`, 'is not a URL path'],
  [
    `${base}vrrp: { VI_1: { preempt: «no } }\n`,
    'found the text "no", wanted true or false',
    'yes, no, on and off are texts',
  ],
  [`${base}vrrp: { VI_1: { vrid: «256 } }\n`, 'wanted a whole number from 1 to 255'],
  [`${base}vrrp: { VI_1: { priorities: { lb1: «255 } } }\n`, 'wanted a whole number from 1 to 254'],
  ['cluster: shop\nhosts: { «"a$(reboot)": { address: 10.0.0.1 } }\n', 'a host name cannot contain "$"'],
  ['cluster: shop\nhosts: { «"a\'b": { address: 10.0.0.1 } }\n', 'a host name cannot contain "\'"'],
  ['cluster: shop\nhosts: { «"": { address: 10.0.0.1 } }\n', 'a host name is empty'],
  [host('packages: { «"a;b": present }'), 'a package name cannot contain ";"'],
  [host('packages: { nginx: «latest }'), 'wanted one of present, absent'],
  [host('sysctl: { net.ipv4.ip_forward: «true }'), 'found true, wanted a sysctl value, or a whole number'],
  [host('sysctl: { net.ipv4.ip_forward: «"1;reboot" }'), 'a sysctl value cannot contain ";"'],
  [host('sysctl: { «forward: 1 }'), 'is not a sysctl key'],
  [host('interface: «"eth0; id"'), 'an interface name cannot contain ";"'],
  [host('interface: «aninterfacename0'), 'at most 15 characters'],
  [host('become: «yes'), 'wanted one of none, sudo'],
  [host('ssh: { user: «-oProxyCommand }'), 'is not a user name'],
  [host('ssh: { proxyJump: «-oX }'), 'is not a ProxyJump'],
  [host('ssh: { port: «0 }'), 'wanted a whole number from 1 to 65535'],
  [host('ssh: { identityFile: «~me/key }'), 'of ~ only "~/" is understood'],
  [
    `${base}storage: { exports: { nas1:/srv: { clients: [web1], options: [«"rw,sync"] } } }\n`,
    'an option cannot contain ","',
  ],
  [`${base}storage: { exports: { «/srv: { clients: [web1] } } }\n`, 'is not HOST:/path'],
  [`${base}verify: { requests: «1001 }\n`, 'wanted a whole number from 1 to 1000'],
];

test.each(shapes.map(([text, message, hint]) => ({ text, message, hint })))(
  '$message',
  ({ text: written, message, hint }) => {
    const { text, line, column } = marked(written);
    const found = problems(text);
    const place = line > 0 ? { line, column } : {};
    const helps = hint === undefined ? {} : { hint: expect.stringContaining(hint) as unknown };
    const wanted = { ...place, message: expect.stringContaining(message) as unknown, ...helps };
    expect(found).toContainEqual(expect.objectContaining(wanted));
  },
);

describe('all problems are reported at once', () => {
  test('in file order, those of shape beside those of references', () => {
    const found = problems(`cluster: shop
hosts:
  lb[1:2]: { address: 10.77.0.[11:13] }
  web1: { address: 10.77.0.15, adress6: fd00::1 }
directors: [lb1, lb2]
services:
  www: { vip: 10.77.0.100, port: eighty, realServers: [web1, web7] }
  two: { vip: 10.77.0.100, port: 81, realServers: [web9], mode: TAN }
vrrp: { VI_1: { vrid: 0 } }
`);
    expect(found.map(({ line, rule }) => `${line} ${rule}`)).toEqual([
      '3 range',
      '4 unknown-key',
      '7 schema',
      '7 reference',
      '8 reference',
      '8 schema',
      '9 schema',
    ]);
  });

  test('a host that is wrong makes no problems where it is named', () => {
    const found = problems(
      `${base}services: { www: { vip: 10.77.0.9, port: 80, realServers: [web1] } }\n`.replace('10.77.0.[13:15]', '5'),
    );
    expect(found).toMatchObject([{ rule: 'schema', line: 4 }]);
  });

  test('an unknown key hides nothing, not even what the rules find', () => {
    const found = problems(
      `${base}colour: red\nservices: { www: { vip: 10.77.0.11, port: 80, realServers: [web1] } }\n`,
    );
    expect(found.map(({ rule }) => rule)).toEqual(['unknown-key', 'vip-not-host-address']);
  });
});
