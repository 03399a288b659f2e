import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anySeed, Chaos } from '../chaos/chaos.ts';
import { caseName, cases } from '../chaos/matrix.ts';

/** The most telling faults, each in the stage where it can do most harm; "npm run chaos" tries all of them in all stages. */
const chosen = [
  'killed/real-servers',
  'sshd-killed/directors',
  'disk-full/storage',
  'configuration-refused/directors',
  'second-run/base',
];

/** Which host and which moment: another one each time. It is printed, and `npm run chaos -- --seed N --only CASE` tries it again. */
const seed = anySeed();

let chaos: Chaos;

beforeAll(async () => {
  chaos = await Chaos.open(seed, join(import.meta.dirname, '..', 'chaos', 'shop.yaml'));
});
afterAll(async () => {
  await chaos.close();
});

test.each(chosen)(`%s is survived, seed ${seed}`, async (name) => {
  const one = cases.find((each) => caseName(each) === name);
  if (!one) throw new Error(`there is no case ${name}`);
  const { problems, host, moment } = await chaos.run(one);
  expect(problems, `${name} on ${host}, ${moment}, seed ${seed}`).toEqual([]);
});
