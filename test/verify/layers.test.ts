import { beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { checks } from '../../src/verify/checks/index.ts';
import { base, cluster as read } from '../inventory/reading.ts';
import { drCluster, nonce, World } from './world.ts';

const text = `${base}haproxy: { listeners: { www: { vip: 10.77.0.100, port: 80, servers: [web1, web2] } } }
apps: { db: { hosts: [nas1], unit: db.service, ready: { command: [db-ready] } } }
storage:
  exports: { nas1:/srv: { clients: [all] } }
  mounts: { /mnt: { from: nas1:/srv, hosts: [web1], options: [nfsvers=3] } }
`;

let dr: Cluster;
beforeAll(async () => {
  dr = await drCluster();
});

type Said = readonly [round: 'before' | 'during', where: string, output: string];

/** `status where: seen` of what a check finds in what was said. */
function judge(check: string, said: readonly Said[]): string[] {
  const world = new World(dr);
  world.cluster = read(text);
  for (const [round, where, output] of said) world.answer(round, where, check, output);
  const found = checks.find(({ name }) => name === check)?.judge(world.evidence()) ?? [];
  return found.map(({ status, where, seen }) => `${status} ${where}: ${seen}`);
}

const stat = (web2: string) => `# pxname,svname,status,\nwww,web1,UP,\nwww,web2,${web2},\nwww,BACKEND,UP,\n`;

/** Thirty answers, by the servers in turn. */
const replies = (...by: string[]) =>
  `\n${nonce} series\n${Array.from({ length: 30 }, (_, n) => `HTTP/1.1 200 OK\nX-Real-Server: ${by[n % by.length]}\n\n${nonce} exit 0\n`).join('')}`;

test.each<[string, Said[], string]>([
  [
    'haproxy-requests',
    [['during', 'operator', replies('web1', 'web2')]],
    'ok operator: 30 of 30; 15 by web1; 15 by web2',
  ],
  [
    'haproxy-requests',
    [['during', 'operator', replies('web1')]],
    'failed operator: 30 of 30; 30 by web1; none by web2',
  ],
  ['haproxy-backends', [['before', 'lb1', stat('UP 1/2')]], 'ok lb1: so they are'],
  ['haproxy-backends', [['before', 'lb1', stat('DOWN')]], 'failed lb1: web2 DOWN'],
  ['haproxy-backends', [['before', 'lb1', 'socat: refused\n']], 'failed lb1: HAProxy does not say: socat: refused'],
  ['app-ready', [['before', 'nas1', `\n${nonce} app 0 0 \n`]], 'ok nas1: so it is'],
  ['app-ready', [['before', 'nas1', `\n${nonce} app 0 2 starting up\n`]], 'failed nas1: exit code 2: starting up'],
  ['app-ready', [['before', 'nas1', `\n${nonce} app 0 124 \n`]], 'failed nas1: no answer within 10 seconds'],
  ['nfs-listed', [['before', 'web1', `\n${nonce} list 0\n/srv 10.77.0.13\n`]], 'ok web1: so it does'],
  [
    'nfs-listed',
    [['before', 'web1', `\n${nonce} list 0\nRPC: timed out\n`]],
    'failed web1: /srv missing: RPC: timed out',
  ],
  [
    'nfs-readable',
    [
      ['before', 'nas1', ''],
      ['during', 'web1', `\n${nonce} read 0 0 ${nonce}\n`],
    ],
    'ok web1: read',
  ],
  [
    'nfs-readable',
    [
      ['before', 'nas1', ''],
      ['during', 'web1', `\n${nonce} read 0 1 head: Stale file handle\n`],
    ],
    'failed web1: head: Stale file handle',
  ],
])('%s: %j', (check, said, expected) => {
  expect(judge(check, said)).toEqual([expected]);
});
