import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readUnderWay, underWaySection } from '../../src/apply/under-way.ts';
import { underWayText } from '../../src/report/under-way.ts';
import { plain } from '../../src/ui/style.ts';
import { Box } from '../support/box.ts';
import { holder as ann } from '../support/run.ts';

const bob = { ...ann, run: 'bbbbbbbbbbbbbbbb', by: 'bob@desk\u001b[31m', command: 'teardown' };
const say = (who: object): string => `'${JSON.stringify(who)}'`;

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must('rm -rf /run/lvsctl /var/lib/lvsctl');
});
afterAll(async () => {
  await box.close();
});
const seen = (prepare: string) => {
  box.must(prepare);
  return readUnderWay(box.run(underWaySection.sh).stdout);
};

test('nothing is under way on a host that nobody works on', () => {
  expect(seen(':')).toEqual({ holder: undefined, brokenOff: [] });
});

test('a run that holds the lock is under way and has not broken off', () => {
  const found = seen(
    `mkdir -p /run/lvsctl /var/lib/lvsctl/run-${ann.run}; echo ${say(ann)} | tee /run/lvsctl/lock >/var/lib/lvsctl/run-${ann.run}/who`,
  );
  expect(found).toEqual({ holder: ann, brokenOff: [] });
  expect(underWayText('web1', found, plain)).toEqual([
    `! web1: locked by ann@laptop (lvsctl apply, process 4711 there, since ${ann.since}): this may change while it is read`,
  ]);
});

test('runs without a lock have broken off; what a host says of them is made harmless', () => {
  const found = seen(
    `for one in ${ann.run} ${bob.run} cccccccccccccccc; do mkdir -p /var/lib/lvsctl/run-$one; done; cd /var/lib/lvsctl; ` +
      `echo ${say(ann)} >run-${ann.run}/who; echo ${say(bob)} >run-${bob.run}/who; : >run-${bob.run}/taken-back`,
  );
  expect(found.brokenOff.map(({ state, holder }) => [state, holder?.run])).toEqual([
    ['left', ann.run],
    ['taken-back', bob.run],
    ['left', undefined],
  ]);
  const text = underWayText('web1', found, plain).join('\n');
  expect(text).toContain('web1: a run of ann@laptop (lvsctl apply, ');
  expect(text).toContain('the host took back by itself what it had changed');
  expect(text).not.toContain('\u001b');
});
