import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest stories of the lab, the longest first: one that was left to the end would run alone. */
const longest = [
  'cluster',
  'examples-usual',
  'examples-more',
  'operate',
  'rolling',
  'verify',
  'safety',
  'chaos',
  'secrets',
  'systems',
];

/** As vitest sorts, but for those. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const onTheLab = ({ project }: TestSpecification): boolean => project.name === 'e2e';
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.indexOf(basename(moduleId, '.test.ts'));
      return place < 0 ? longest.length : place;
    };
    const stories = sorted.filter(onTheLab).sort((a, b) => rank(a) - rank(b));
    return [...sorted.filter((file) => !onTheLab(file)), ...stories];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          setupFiles: ['test/support/turn.ts'],
          testTimeout: 20_000,
          // Many of them wait for programs and for time to pass: one at a time on two cores left them idle for half of it.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // One boot of the lab serves the file's tests, in the order written: they tell one story. Two stories at once, once
          // the unit tests are done: they keep two processors busy, and a third one takes from the others what it gets.
          maxWorkers: 2,
          sequence: { concurrent: false, groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
