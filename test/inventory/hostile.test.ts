import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/inventory/problem.ts';
import { base, problems, reading } from './reading.ts';

/** Reads, formats what is wrong, and returns what that took: milliseconds of the processor, so that other work does not count. */
function time(text: string): number {
  const start = process.cpuUsage();
  const read = reading(text);
  if (!read.ok) for (const problem of read.error) formatProblem(problem, text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

const example = `${base}services:
  www: { vip: 10.77.0.100, port: 80, check: { http: /up }, realServers: [web1, { host: web2, weight: 2 }] }
groups: { webs: { hosts: [web*, '!web3'], vars: { a: [1, { b: c }] } } }
nginx: { www: { hosts: [web*], root: /srv } }
vrrp: { VI_1: { vrid: 51, authPass: { env: X } } }
storage:
  exports: { nas1:/srv: { clients: [web*], options: [rw] } }
  mounts: { /mnt: { from: nas1:/srv, hosts: [web1] } }
`;

describe('readCluster never throws and always ends', () => {
  test('on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        time(text);
      }),
      { numRuns: 300 },
    );
  });

  test('on text of the signs that YAML gives a meaning', () => {
    const sign = fc.constantFrom(
      ...Array.from('[]{}:,-?#&*!|>\'"%@` \n\tab1~<='),
      '<<: ',
      '- ',
      ': ',
      '&a ',
      '*a',
      '[1:3]',
      '---\n',
      '__proto__',
      'hosts:',
      '\u0000',
      '\ue000',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        time(signs.join(''));
      }),
      { numRuns: 500 },
    );
  });

  test('on a sound inventory with something in it replaced', () => {
    const insert = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        ': ',
        ', ',
        '\n',
        '\n  ',
        '*',
        '&x ',
        '!',
        '0',
        '-1',
        'null',
        '[1:99999]',
        '__proto__: 1',
        'constructor',
        '"',
      ),
    );
    fc.assert(
      fc.property(fc.nat(example.length), fc.nat(12), insert, (at, cut, text) => {
        time(example.slice(0, at) + text + example.slice(at + cut));
      }),
      { numRuns: 400 },
    );
  });

  test('on any value anywhere', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const keys = [
      'cluster',
      'hosts',
      'groups',
      'ssh',
      'vars',
      'sysctl',
      'directors',
      'vrrp',
      'services',
      'nginx',
      'storage',
      'verify',
      'templates',
    ];
    const inventory = fc.dictionary(fc.constantFrom(...keys), value);
    fc.assert(
      fc.property(inventory, (written) => {
        time(JSON.stringify(written));
      }),
      { numRuns: 300 },
    );
  });

  test('with keys that every object answers to', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf']) {
      for (const section of ['hosts', 'groups', 'services', 'vrrp', 'nginx', 'packages', 'sysctl']) {
        expect(
          problems(
            `${base.replace('hosts:', section === 'hosts' ? `hosts:\n  ${name}: { address: 10.1.1.1 }` : 'hosts:')}${section === 'hosts' ? '' : `${section}: { ${name}: {} }\n`}`,
          ).length,
          `${section}.${name}`,
        ).toBeGreaterThan(0);
      }
      expect(problems(`${base}${name}: 1\n`)).toHaveLength(1);
      expect(problems(`${base}nginx: { www: { hosts: [${name}], root: /srv } }\n`)).toHaveLength(1);
    }
    expect(({} as Record<string, unknown>)['address']).toBeUndefined();
  });
});

describe('time', () => {
  const large = (count: number) => {
    const hosts = Array.from({ length: count }, (_, n) => {
      const address = `10.${77 + Math.floor(n / 50_000)}.${Math.floor(n / 200)}.${(n % 200) + 1}/8`;
      return `  h${n}: { address: ${address}, vars: { rack: r${n % 10} }, ssh: { port: 22 } }\n`;
    });
    return `cluster: big
hosts:
${hosts.join('')}directors: [h1, h2]
groups: { most: { hosts: ['h*'], vars: { a: 1 } } }
services:
  www: { vip: 10.200.9.1, port: 80, realServers: ['h*', '!h1', '!h2'] }
nginx: { www: { hosts: ['h*', '!h1', '!h2'], root: /srv } }
`;
  };

  const best = (text: string) => Math.min(...[1, 2, 3].map(() => time(text)));

  test('four times as many hosts take not much more than four times as long', () => {
    expect(problems(large(500))).toEqual([]);
    const few = best(large(500));
    expect(best(large(2_000))).toBeLessThan(few * 9);
  }, 60_000);

  test('a large text full of trouble costs a bounded multiple of a sound one', () => {
    const sound = best(large(500));
    const many = (line: (n: number) => string, room = 150_000) => {
      const lines: string[] = [];
      for (let n = 0, size = 0; size < room; n++) {
        const next = line(n);
        size += next.length;
        lines.push(next);
      }
      return lines.join('');
    };
    const big = 'cluster: a\nhosts:\n  h[0:65535]: { address: 10.[0:255].[0:255].1 }\n';
    const texts = [
      `${big}groups:\n${many((n) => `  g${n}: { hosts: [all] }\n`)}`,
      `${big}nginx:\n${many((n) => `  s${n}: { hosts: ['*${n}x'], root: /srv }\n`)}`,
      `${big}directors: [${many((n) => `h${n}x, `)}]\n`,
      `cluster: a\nhosts: { a: { address: 10.0.0.1 } }\n${many((n) => `k${n}: 1\n`)}`,
      `cluster: a\nhosts: { a: { address: 10.0.0.1 } }\ngroups:\n${many((n) => `  g${n}: { hosts: [g${n + 1}] }\n`)}`,
      `cluster: a\nhosts:\n${many((n) => `  h${n}: { address: x }\n`)}`,
    ];
    for (const text of texts) expect(time(text) / sound, text.slice(0, 120)).toBeLessThan(80);
  }, 120_000);
});
