import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyScript } from '../../src/apply/script.ts';
import { finishScript } from '../../src/apply/undo.ts';
import {
  changeRules,
  changeScripts,
  readRules,
  writeRules,
  type Rules,
  type ServiceRules,
} from '../../src/ipvs/rules.ts';
import type { Step } from '../../src/resources/resource.ts';
import { Box } from '../support/box.ts';
import { holder } from '../support/run.ts';
import { failing, makeStep } from '../support/steps.ts';

const sample = [
  '-A -t 10.77.0.100:80 -s wrr -p 300',
  '-a -t 10.77.0.100:80 -r 10.77.0.13:80 -g -w 1',
  '-a -t 10.77.0.100:80 -r 10.77.0.14:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-nocsum',
  '-A -f 1 -6 -s rr',
  '-a -f 1 -6 -r [fd77::13]:0 -m -w 1',
  '-A --sctp-service 10.77.0.100:9 -s sh -b sh-fallback,sh-port -M 255.255.255.0',
  '',
].join('\n');

function rules(text: string): Rules {
  const read = readRules(text);
  if (!read.ok) throw new Error(read.error);
  return read.value.get(undefined) ?? [];
}

describe('a saved table', () => {
  test('is written as it was read', () => {
    expect(writeRules(rules(sample))).toBe(sample);
  });

  test('of several directors is read by their names', () => {
    const read = readRules(`# director lb1\n-A -t 10.0.0.1:80 -s rr\n\n# director lb2\n# a word\n-A -f 3 -s wlc\n`);
    expect(read.ok && [...read.value].map(([name, table]) => [name, writeRules(table)])).toEqual([
      ['lb1', '-A -t 10.0.0.1:80 -s rr\n'],
      ['lb2', '-A -f 3 -s wlc\n'],
    ]);
  });

  test.each([
    ['-D -t 10.0.0.1:80', 'line 1'],
    ['-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.2:80 -r 10.0.0.3:80 -g', 'line 2'],
    ['-A -t 10.0.0.1:80 -s rr;reboot', 'line 1'],
    ['-A -t $(reboot):80 -s rr', 'line 1'],
    ['-A -t 10.0.0.1:80 -s `id`', 'line 1'],
    ["-A -t 10.0.0.1:80 -s 'rr", 'line 1'],
    ['ipvsadm: command not found', 'line 1'],
    ['-A', 'line 1'],
  ])('%j is none', (text, place) => {
    const read = readRules(text);
    expect(read.ok ? '' : read.error).toContain(place);
  });
});

test.each<[what: string, from: string, to: string, expected: readonly string[]]>([
  ['nothing', '-A -f 1 -s rr\n', '-A -f 1 -s rr\n', []],
  [
    'a service',
    '',
    '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n',
    ['-A -f 1 -s rr', '-a -f 1 -r 10.0.0.1:0 -g -w 1'],
  ],
  ['no service', '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n', '', ['-D -f 1']],
  [
    'a weight, and no other server',
    '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n-a -f 1 -r 10.0.0.2:0 -g -w 1\n',
    '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1:0 -g -w 9\n-a -f 1 -r 10.0.0.2:0 -g -w 1\n',
    ['-e -f 1 -r 10.0.0.1:0 -g -w 9'],
  ],
  ['a scheduler', '-A -f 1 -s rr -p 9\n', '-A -f 1 -s wlc\n', ['-E -f 1 -s wlc']],
  [
    'one server instead of another',
    '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n',
    '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.2:0 -g -w 1\n',
    ['-a -f 1 -r 10.0.0.2:0 -g -w 1', '-d -f 1 -r 10.0.0.1:0'],
  ],
])('a change to %s', (_what, from, to, expected) => {
  expect(changeRules(rules(from), rules(to)).map(({ change }) => change)).toEqual(expected);
});

/** What ipvsadm(8) makes of a table by these arguments. */
function carryOut(from: Rules, changes: readonly string[]): Rules {
  const table = new Map(from.map((one) => [one.key, { ...one, servers: new Map(one.servers) }]));
  for (const change of changes) {
    const [, verb = '', key = '', rest = ''] = /^(-\S) (-f \d+) ?(.*)$/.exec(change) ?? [];
    const [, end = '', how = ''] = /^-r (\S+) ?(.*)$/.exec(rest) ?? [];
    const service = table.get(key);
    if (verb === '-A') table.set(key, { key, options: rest, servers: new Map() });
    else if (service === undefined) throw new Error(`no service: ${change}`);
    else if (verb === '-D') table.delete(key);
    else if (verb === '-E') service.options = rest;
    else if (verb === '-d' ? !service.servers.delete(end) : service.servers.has(end) !== (verb === '-e')) {
      throw new Error(`no such server, or there already: ${change}`);
    } else if (verb !== '-d') service.servers.set(end, how);
  }
  return [...table.values()];
}

const servers = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom('10.0.0.1:0', '10.0.0.2:0', '10.0.0.3:0'), fc.constantFrom('-g -w 1', '-g -w 2')),
    { selector: ([end]) => end },
  )
  .map((list) => new Map(list));
const anyTable = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('-f 1', '-f 2', '-f 3'), options: fc.constantFrom('-s rr', '-s wlc'), servers }),
  { selector: ({ key }) => key },
);

/** A table without the order of its services and servers. */
function form(list: Rules): unknown {
  return list
    .map(({ key, options, servers: its }: ServiceRules) => [key, options, [...its].sort()])
    .sort((one, other) => String(one[0]).localeCompare(String(other[0])));
}

test('changes make any table of any other, and taken back at any point the old one again', () => {
  fc.assert(
    fc.property(anyTable, anyTable, fc.nat(), (from, to, number) => {
      const changes = changeRules(from, to);
      const all = changes.map(({ change }) => change);
      expect(form(carryOut(from, all))).toEqual(form(to));
      const done = number % (changes.length + 1);
      const back = changes.slice(0, done).reverse();
      const undone = [...all.slice(0, done), ...back.flatMap((one) => one.back)];
      expect(form(carryOut(from, undone))).toEqual(form(from));
    }),
  );
});

test('at no point is a service without real servers that has some before and after', () => {
  fc.assert(
    fc.property(anyTable, anyTable, (from, to) => {
      const all = changeRules(from, to).map(({ change }) => change);
      const served = (table: Rules): string[] => table.filter((one) => one.servers.size > 0).map(({ key }) => key);
      const stays = served(to).filter((key) => served(from).includes(key));
      for (let done = 0; done <= all.length; done++) {
        expect(served(carryOut(from, all.slice(0, done)))).toEqual(expect.arrayContaining(stays));
      }
    }),
  );
});

describe('a restore that fails', () => {
  const step = (from: string, to: string): Step =>
    makeStep('ipvs table', changeScripts(changeRules(rules(from), rules(to))));
  const from = '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.1:0 -g -w 1\n-A -f 2 -s rr\n';
  const to = '-A -f 1 -s rr\n-a -f 1 -r 10.0.0.2:0 -g -w 1\n-A -f 3 -s rr\n';
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
    // What would be called is noted; the call that a test names fails.
    box.must(
      `mkdir /run/fakes; printf '#!/bin/sh\\necho "$*" >>/run/calls\\n[ "$*" != "$(cat /run/fails)" ]\\n' >/run/fakes/ipvsadm; chmod 755 /run/fakes/ipvsadm`,
    );
  });
  afterAll(() => box.close());

  const calls = (fails: string, steps: readonly Step[]): string[] => {
    box.must(`rm -f /run/calls; echo '${fails}' >/run/fails`);
    box.run(
      `PATH=/run/fakes:$PATH\n${applyScript(steps, 'f00d', { holder, stage: 'directors', position: 0 })}\n${finishScript(holder.run)}`,
    );
    return box.must('cat /run/calls').split('\n').filter(Boolean);
  };
  const forth = ['-a -f 1 -r 10.0.0.2:0 -g -w 1', '-A -f 3 -s rr', '-d -f 1 -r 10.0.0.1:0', '-D -f 2'];

  test('takes back what it did and nothing else, the last first', () => {
    expect(calls('-d -f 1 -r 10.0.0.1:0', [step(from, to)])).toEqual([
      ...forth.slice(0, 3),
      '-D -f 3',
      '-d -f 1 -r 10.0.0.2:0',
    ]);
  });

  test('goes on with what is left when something cannot be taken back', () => {
    expect(calls('-A -f 2 -s rr', [step(from, to), failing])).toEqual([
      ...forth,
      '-A -f 2 -s rr',
      '-a -f 1 -r 10.0.0.1:0 -g -w 1',
      '-D -f 3',
      '-d -f 1 -r 10.0.0.2:0',
    ]);
  });
});
