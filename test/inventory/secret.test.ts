import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/inventory/problem.ts';
import { base, cluster, problems } from './reading.ts';

const www = 'services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1] }\n';
const vrrp = (authPass: string) => `${base}${www}vrrp: { VI_1: { authPass: ${authPass} } }\n`;

describe('a secret comes', () => {
  test.each([
    ['from the inventory', 'pass1234', 'pass1234', 'the inventory'],
    ['from the environment', '{ env: VRRP }', 'fromEnv', 'environment variable VRRP'],
    ['from a file beside the inventory, without its line end', '{ file: keys/vrrp }', 'inFile', 'file /inv/keys/vrrp'],
    ['from a file elsewhere', '{ file: /run/vrrp }', 'run', 'file /run/vrrp'],
  ])('%s', (_, written, value, source) => {
    const read = cluster(vrrp(written), {
      env: { VRRP: 'fromEnv' },
      files: { '/inv/keys/vrrp': 'inFile\n', '/run/vrrp': 'run\r\n' },
    });
    const secret = read.vrrp[0]?.authPass;
    expect([secret?.reveal(), secret?.source]).toEqual([value, source]);
    expect(JSON.stringify(read)).not.toContain(value === 'run' ? '"run"' : value);
  });

  test('with a place when it is not there', () => {
    expect(problems(vrrp('{ env: NONE }'))).toMatchObject([
      { rule: 'secret', line: 9, column: 34, message: 'the environment variable NONE is not set' },
    ]);
    expect(problems(vrrp('{ file: none }'))).toMatchObject([
      { rule: 'secret', line: 9, column: 35, message: expect.stringContaining('/inv/none cannot be read') as unknown },
    ]);
  });
});

describe('no message and no quoted line shows it', () => {
  const hidden = 'hunter2hunter2';
  test.each([
    ['too long', vrrp(hidden)],
    ['quoted', vrrp(`"${hidden}"`)],
    ['of a wrong type', vrrp(`[${hidden}]`)],
    ['in a map of its own', vrrp(`{ value: ${hidden} }`)],
    ['in place of a variable', vrrp(`{ env: "${hidden} x" }`)],
    ['under a misspelt key', `${base}${www}vrrp: { VI_1: { auth_pass: ${hidden} } }\n`],
    ['on a line with another problem', `${base}${www}vrrp: { VI_1: { vrid: 999, authPass: ${hidden} } }\n`],
    ['on the next line', `${base}${www}vrrp:\n  VI_1:\n    authPass:\n      ${hidden}\n`],
    ['in a block', `${base}${www}vrrp:\n  VI_1:\n    authPass: |\n      ${hidden}\n`],
    ['behind an alias', `${base}${www}vars: { a: &a ${hidden}, «: 1 }\nvrrp: { VI_1: { authPass: *a } }\nspan: 1\n`],
    ['in a file that is no YAML', `${base}vrrp: { VI_1: { authPass: ${hidden}, x: [ }\n`],
    ['with a quote that is not closed', `${base}vrrp: { VI_1: { authPass: "${hidden}, x: [ }\n`],
    ['with a character that YAML does not allow', `${base}vrrp: { VI_1: { authPass: @${hidden} } }\n`],
    ['with a tab before it', `${base}vrrp:\n  VI_1:\n\tauthPass: ${hidden}\n`],
    ['twice', `${base}vrrp: { VI_1: { authPass: ${hidden}, authPass: ${hidden} } }\n`],
    ['as a number', vrrp('31415926535897')],
    ['as a number that is ambiguous', vrrp('031415926535897')],
    ['that looks like a tag', vrrp(`!${hidden}`)],
    ['that looks like an anchor', vrrp(`&${hidden}`)],
    ['that looks like an alias', vrrp(`*${hidden}`)],
    ['among the variables', `${base}vars: { db_password: ${hidden} }\nspan: 1\n`],
  ])('%s', (_, text) => {
    const found = problems(text);
    expect(found).not.toEqual([]);
    const shown = found.map((problem) => `${formatProblem(problem)} ${JSON.stringify(problem)}`).join('\n');
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain('31415926');
  });

  test('the caret still points at the right column behind it', () => {
    const [problem] = problems(`${base}${www}vrrp: { VI_1: { authPass: abcdefg, vrid: 999 } }\n`);
    expect(problem && formatProblem(problem))
      .toBe(`lvsctl.yaml:9:42: found the number 999, wanted a whole number from 1 to 255 [schema]
  9 | vrrp: { VI_1: { authPass: *******, vrid: 999 } }
    |                                          ^`);
  });
});
