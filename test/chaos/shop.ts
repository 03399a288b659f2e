import type { Stage } from '../../src/roles/role.ts';

/** What of the shop changes, each in two ways and absent: one of them is changed at a time, so that one stage has work. */
export const parts = ['packages', 'base', 'storage', 'servers', 'directors', 'spare'] as const;
/** See {@link parts}. */
export type Part = (typeof parts)[number];

/** Which version of each part is wished: 0 is none of it. */
export type Shop = Readonly<Record<Part, 0 | 1 | 2>>;

/** The shop that every run begins with. */
export const firstShop: Shop = { packages: 0, base: 0, storage: 0, servers: 0, directors: 0, spare: 1 };

/** The hosts of the shop. */
export const hosts = ['lb1', 'lb2', 'web1', 'web2', 'nas1', 'probe1'] as const;
/** See {@link hosts}. */
export type HostName = (typeof hosts)[number];

/** The part that gives a stage work, and the hosts that have it. */
export const works: Readonly<
  Record<Stage, { readonly part: Part; readonly hosts: readonly [HostName, ...HostName[]] }>
> = {
  prepare: { part: 'packages', hosts: ['web2'] },
  packages: { part: 'packages', hosts: ['web2'] },
  base: { part: 'base', hosts: ['lb2', 'web1', 'nas1'] },
  storage: { part: 'storage', hosts: ['nas1'] },
  'real-servers': { part: 'servers', hosts: ['web1', 'web2'] },
  directors: { part: 'directors', hosts: ['lb2', 'lb1'] },
  'remove-directors': { part: 'directors', hosts: ['lb2', 'lb1'] },
  'remove-real-servers': { part: 'servers', hosts: ['web1', 'web2'] },
  'remove-storage': { part: 'storage', hosts: ['nas1'] },
  'remove-base': { part: 'base', hosts: ['lb2', 'web1', 'nas1'] },
  'remove-packages': { part: 'spare', hosts: ['probe1'] },
};

/** The next version of a part that gives a stage work; undefined: the part has to be there first. */
export function next(shop: Shop, stage: Stage): Shop | undefined {
  const { part } = works[stage];
  const now = shop[part];
  // Packages stay when they are not wished any more: only `absent` takes them away.
  if (part === 'packages') return { ...shop, packages: now === 1 ? 0 : 1 };
  if (stage.startsWith('remove-')) return now === 0 ? undefined : { ...shop, [part]: 0 };
  return { ...shop, [part]: now === 1 ? 2 : 1 };
}

/** What an inventory may have besides what is wished of the shop. */
export interface Login {
  /** A host where lvsctl logs in as a user who needs a password for sudo. */
  readonly sudoOn?: HostName;
  /** Folder of templates that go before the built-in ones. */
  readonly templates?: string;
}

/** The script that the directors get; it stands beside the inventory. */
export const script = { name: 'quorum.sh', text: '#!/bin/sh\nlogger -t quorum "$0"\n' };

/** The inventory. Its service has two directors and two real servers, and needs neither nas1 nor probe1 to answer. */
export function inventory(shop: Shop, { sudoOn, templates }: Login = {}): string {
  const { packages, base, storage, servers, directors, spare } = shop;
  const address: Readonly<Record<HostName, number>> = { lb1: 11, lb2: 12, web1: 13, web2: 14, nas1: 16, probe1: 17 };
  const lines = (name: HostName): string[] => [
    `address: 10.77.0.${address[name]}`,
    ...(name === 'web2' ? [`packages: { socat: ${packages === 0 ? 'absent' : 'present'} }`] : []),
    ...(name === 'probe1' && spare > 0 ? ['packages: { tcpdump: present }'] : []),
    ...(base > 0 && works.base.hosts.includes(name) ? [`sysctl: { net.ipv4.tcp_fin_timeout: ${40 + base} }`] : []),
    ...(name === sudoOn ? ['ssh: { user: opspw }', 'become: sudo'] : []),
  ];
  const notify = ['', '{ quorumUp: quorum.sh }', '{ quorumUp: quorum.sh, quorumDown: quorum.sh }'][directors];
  const more = `nas1:/srv/more: { clients: [web*], options: [${storage === 1 ? 'rw' : 'ro'}] }`;
  return [
    'cluster: chaos',
    'ssh: { user: root }',
    ...(templates === undefined ? [] : [`templates: ${templates}`]),
    'hosts:',
    ...hosts.map((name) => `  ${name}: { ${lines(name).join(', ')} }`),
    'directors: [lb1, lb2]',
    'services:',
    '  www:',
    '    vip: 10.77.0.100',
    '    port: 80',
    '    mode: DR',
    '    scheduler: wrr',
    '    check: { http: /healthz, status: 200 }',
    '    realServers: [web1, web2]',
    ...(directors === 0 ? [] : [`    notify: ${notify ?? ''}`]),
    'nginx:',
    "  www: { hosts: [web*], body: 'hello' }",
    ...(servers === 0 ? [] : [`  more: { hosts: [web*], port: 8080, body: 'version ${servers}' }`]),
    'storage:',
    '  exports:',
    '    nas1:/srv/www: { clients: [web*], options: [rw, no_root_squash] }',
    ...(storage === 0 ? [] : [`    ${more}`]),
    '  mounts: { /var/www/shared: { from: nas1:/srv/www, hosts: [web*] } }',
    // From where it costs the hosts least; the client asks all the while.
    'verify: { from: [operator], requests: 10 }',
    '',
  ].join('\n');
}

/** The page that the client asks for. */
export const page = 'http://10.77.0.100/';
