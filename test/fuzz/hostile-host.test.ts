import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { observe, type Observation } from '../../src/observe/observe.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readPlan } from '../../src/plan/saved.ts';
import { planText } from '../../src/report/plan.ts';
import { desiredHost, type DesiredHost } from '../../src/roles/index.ts';
import { kinds, type Resource } from '../../src/resources/index.ts';
import { ref } from '../../src/resources/resource.ts';
import { createRender } from '../../src/templates/render.ts';
import { statusOf } from '../../src/status/status.ts';
import { statusSections } from '../../src/status/sections.ts';
import { createStyle } from '../../src/ui/style.ts';
import { platforms } from '../../src/platform/index.ts';
import { fakeConnection, finished } from '../support/connection.ts';
import { loadDr } from '../support/dr.ts';

/*
 * A host may answer with anything. What comes of it is an observation or a failure that is said; nothing is thrown, and nothing
 * that a terminal would obey gets as far as the text of a plan.
 */

/** Answers that look right here and there. */
const answer = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...[
            '\n',
            ' ',
            '\t',
            '\0',
            '\u001b[2J',
            '[',
            ']',
            '{',
            '}',
            '"',
            ':',
            ',',
            '%',
            '-',
            '0',
            '-1',
            '1e999',
            'null',
          ],
          ...['{}', '[]', '[{}]', '[{"addr_info":[{}]}]', '[{"ifname":"eth0","addr_info":[{"local":"10.77.0.100"}]}]'],
          ...[
            'TCP  10.77.0.100:80 wrr\n',
            '  -> 10.77.0.13:80 Route 1 0 0\n',
            'Prot LocalAddress:Port\n',
            'FWM 7 wlc\n',
          ],
          ...[
            '__proto__',
            'constructor',
            'toString',
            'file',
            'absent',
            '0644',
            'root',
            'ActiveState=active\n',
            'Id=x\n',
          ],
          ...[
            'inet 10.77.0.100/32 scope global lo\n',
            'eth0',
            'default via 10.77.0.1 dev eth0\n',
            'net.ipv4.ip_forward = 1\n',
          ],
          ...['{"version":1,"ref":"file /x","stage":"base","position":1,"resource":{"kind":"file"},"feeds":[]}\n'],
          ...[
            '{"version":1,"ref":"file /x","stage":"base","position":1,"resource":{"kind":"file","path":7},"feeds":[]}\n',
          ],
          ...[
            '{"version":1,"ref":"x","stage":"base","position":1e400,"resource":{"kind":"mount","path":"/a\\nb"},"feeds":["\\u001b"]}\n',
          ],
        ),
        fc.string({ maxLength: 6 }),
      ),
      { maxLength: 25 },
    )
    .map((parts) => parts.join('')),
);

/** Answers each section of a script with something of the list. */
function hostile(script: string, answers: readonly string[]): string {
  let asked = 0;
  const parts = [...script.matchAll(/^printf '\\n%s section %s\\n' ([0-9a-f]{24}) (\S+)$/gm)].map(
    ([, nonce, name]) =>
      `\n${nonce} section ${name}\n${answers[asked++ % answers.length]}\n${nonce} status ${asked % 3}\n`,
  );
  return `${parts.join('')}${/^printf '%s end\\n' ([0-9a-f]{24})$/m.exec(script)?.[1] ?? ''} end\n`;
}

const plainStyle = createStyle(false, false, {});

let cluster: Cluster;
let desired: readonly DesiredHost[];

beforeAll(async () => {
  cluster = await loadDr();
  const render = createRender(undefined);
  desired = cluster.hosts.map((host) => desiredHost(cluster, host, platforms[host.platform], render));
});

const answers = fc.array(answer, { minLength: 1, maxLength: 12 });

test('an observation is made or fails, and a plan comes of it that can be shown', async () => {
  let planned = 0;
  await fc.assert(
    fc.asyncProperty(answers, fc.nat(), async (list, which) => {
      const one = desired[which % desired.length] as DesiredHost;
      const connection = fakeConnection(one.host.name, (script) => finished(hostile(script, list), 0, list.join('')));
      const seen = await observe(connection, one);
      if (!seen.ok) {
        expect(seen.error.host).toBe(one.host.name);
        return;
      }
      planned++;
      const plan = makePlan(cluster, [one], new Map<string, Observation>([[one.host.name, seen.value]]));
      const text = planText(plan, plainStyle).join('\n');
      // eslint-disable-next-line no-control-regex -- they are just what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
    { numRuns: 150 },
  );
  expect(planned).toBeGreaterThan(0);
});

test('one kind at a time: whatever it reads, the others read sound answers', async () => {
  await fc.assert(
    fc.asyncProperty(answer, fc.nat(), fc.nat(), async (text, which, section) => {
      const one = desired[which % desired.length] as DesiredHost;
      const connection = fakeConnection(one.host.name, (script) => {
        const list = Array.from({ length: 40 }, (_, n) => (n === section % 40 ? text : ''));
        return finished(hostile(script, list));
      });
      const seen = await observe(connection, one);
      if (seen.ok) makePlan(cluster, [one], new Map<string, Observation>([[one.host.name, seen.value]]));
    }),
    { numRuns: 150 },
  );
});

/** The name that an entry has to have to be taken for that of its resource; any, when the kind can make none of it. */
function nameOf(resource: object): string {
  try {
    const { kind } = resource as Resource;
    return ref(kind, kinds[kind].name(resource as Resource));
  } catch {
    return 'file /x';
  }
}

test('a manifest that names resources of any shape is refused, or planned for', async () => {
  const field = fc.constantFrom(
    'path',
    'key',
    'module',
    'unit',
    'name',
    'address',
    'interface',
    'present',
    'options',
    'content',
    'mask',
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom('/etc/x', "a'b", 'x\0y', '../../etc', [], {}, 7, null),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(kinds)),
      fc.dictionary(field, value),
      fc.jsonValue({ maxDepth: 2 }),
      answer,
      async (kind, fields, before, text) => {
        const one = desired[0] as DesiredHost;
        const resource = { ...fields, kind };
        const entry = {
          version: 1,
          ref: nameOf(resource),
          stage: 'base',
          position: 1,
          resource,
          before,
          feeds: ['nginx'],
        };
        let asked = 0;
        const connection = fakeConnection(one.host.name, (script) => {
          asked++;
          return finished(
            hostile(script, asked === 1 ? ['', JSON.stringify(entry), ...Array<string>(40).fill('')] : [text]),
          );
        });
        const seen = await observe(connection, { ...one, resources: [] });
        if (!seen.ok) expect(seen.error.reason).toBe('unreadable');
        else
          planText(makePlan(cluster, [{ ...one, resources: [] }], new Map([[one.host.name, seen.value]])), plainStyle);
      },
    ),
    {
      numRuns: 400,
      examples: ['toString', 'valueOf', 'constructor'].map(
        (key): [string, Record<string, fc.JsonValue>, fc.JsonValue, string] => [
          'kernel-module',
          { module: { [key]: '' } },
          {},
          '',
        ],
      ),
    },
  );
});

describe('never throws', () => {
  test('a status', () => {
    fc.assert(
      fc.property(answers, (list) => {
        const said = new Map(
          cluster.hosts.map(({ name }) => [
            name,
            {
              answers: new Map(
                statusSections(cluster, name, platforms.debian).map((section, n) => [
                  section.name,
                  { output: list[n % list.length] ?? '', status: 0 },
                ]),
              ),
            },
          ]),
        );
        JSON.stringify(statusOf(cluster, said));
      }),
      { numRuns: 200 },
    );
  });

  test('a manifest', () => {
    const entry = fc.record({
      version: fc.constantFrom(1, 2, '1'),
      ref: fc.oneof(fc.string(), fc.integer()),
      stage: fc.constantFrom('base', 'directors', 'none'),
      position: fc.oneof(fc.integer(), fc.constant('1')),
      resource: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('kind', 'path', 'mask', '__proto__'), fc.jsonValue()),
      ),
      feeds: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            entry.map((one) => JSON.stringify(one)),
          ),
        ),
        (lines) => {
          readManifest(lines.join('\n'));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a saved plan', () => {
    const key = fc.constantFrom('version', 'inventory', 'steps', 'secrets', 'hosts', 'digest', '__proto__', 'host');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.dictionary(key, fc.jsonValue()).map((one) => JSON.stringify(one)),
        ),
        (text) => {
          expect(readPlan(text).ok).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});
