import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { loadCluster } from '../../src/inventory/load.ts';
import { observe, type Observation } from '../../src/observe/observe.ts';
import { platforms } from '../../src/platform/index.ts';
import { findingsText } from '../../src/report/findings.ts';
import { desiredHost } from '../../src/roles/index.ts';
import { createRender } from '../../src/templates/render.ts';
import { createStyle } from '../../src/ui/style.ts';
import type { CheckContext, Finding } from '../../src/verify/check.ts';
import { checks } from '../../src/verify/checks/index.ts';
import type { VerifyReport } from '../../src/verify/verify.ts';
import { fakeConnection, finished } from '../support/connection.ts';

/*
 * Hosts answer the questions of verify with anything. Every check makes findings of it, none throws, and what is said of them
 * can be shown at a terminal.
 */
const nonce = 'f'.repeat(24);

const pieces = [
  ...[
    '\n',
    ' ',
    '\t',
    '\0',
    '\u001b[2J',
    '\r',
    '0',
    '-1',
    '200',
    '7',
    '1e999',
    'x',
    '{',
    '}',
    '[]',
    '[{}]',
    '{"a":1}',
    '"',
  ],
  ...[
    `${nonce} `,
    'read 0 ',
    'list 0\n',
    'end\n',
    'before 0 ',
    'during 0 ',
    'http 200 web1 ',
    'ok',
    'failed',
    'refused',
  ],
  ...[
    'TCP  10.77.0.100:80 wrr\n',
    '  -> 10.77.0.13:80 Route 1 0 0\n',
    'IP Virtual Server version 1.2.1\n',
    'FWM 7 wlc\n',
  ],
  ...['MASTER', 'BACKUP', '10.77.0.100', '10.77.0.13', 'eth0', 'lo', '02:4c:56:00:00:01', 'LISTEN 0 511 *:80 *:*\n'],
  ...[
    'default via 10.77.0.1 dev eth0\n',
    'ActiveState=active\n',
    '# pxname,svname,status\n',
    'shop,web1,UP\n',
    '__proto__',
  ],
];

const answer = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 20 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

async function clusterOf(example: string): Promise<Cluster> {
  const loaded = await loadCluster(join('inventories', example), {});
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  return loaded.value;
}

function reportOf(cluster: Cluster, findings: readonly Finding[]): VerifyReport {
  const hosts = cluster.hosts.map(({ name }) => name);
  const sight = { hosts: [], vips: [], pools: [] };
  const rest = { ok: false, vantage: ['operator'], seconds: 1, attempts: 1, interrupted: false, sight };
  return { cluster: cluster.name, findings, hosts, ...rest };
}

/** What is known of hosts that answer nothing to anything. */
async function silent(cluster: Cluster): Promise<Map<string, Observation>> {
  const render = createRender(undefined);
  const seen = new Map<string, Observation>();
  for (const host of cluster.hosts) {
    const desired = { ...desiredHost(cluster, host, platforms[host.platform], render), resources: [] };
    const connection = fakeConnection(host.name, (script) => {
      const names = [...script.matchAll(/^printf '\\n%s section %s\\n' ([0-9a-f]{24}) (\S+)$/gm)];
      const [, mark = ''] = names[0] ?? [];
      const parts = names.map(([, , name]) => `\n${mark} section ${name ?? ''}\n\n${mark} status 0\n`);
      return finished(`${parts.join('')}${mark} end\n`);
    });
    const one = await observe(connection, desired);
    if (one.ok) seen.set(host.name, one.value);
  }
  return seen;
}

describe.each(['dr.yaml', 'services.yaml', 'modes.yaml', 'haproxy.yaml', 'nfs.yaml', 'postgresql.yaml', 'vrrp.yaml'])(
  '%s',
  (example) => {
    test('no check throws, whatever is answered', async () => {
      const cluster = await clusterOf(example);
      const observations = await silent(cluster);
      expect(observations.size).toBe(cluster.hosts.length);
      const style = createStyle(false, false, {});
      let found = 0;
      fc.assert(
        fc.property(fc.array(answer, { minLength: 1, maxLength: 9 }), fc.nat(8), fc.nat(2), (answers, skip, status) => {
          let asked = 0;
          const context: CheckContext = {
            cluster,
            nonce,
            observations,
            answer: () => {
              asked++;
              return asked % 9 === skip ? undefined : { output: answers[asked % answers.length] ?? '', status };
            },
          };
          for (const round of ['before', 'during', 'after'] as const)
            for (const check of checks) for (const { name } of cluster.hosts) check.section(round, name, context);
          const plan = { cluster: cluster.name, hosts: [...observations.keys()], stages: [] };
          const findings = checks.flatMap((check) => check.judge({ ...context, plan }));
          found += findings.length;
          const text = findingsText(reportOf(cluster, findings), style).join('\n');
          // eslint-disable-next-line no-control-regex -- they are just what is looked for
          expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        }),
        { numRuns: 60 },
      );
      expect(found).toBeGreaterThan(0);
    });
  },
);
