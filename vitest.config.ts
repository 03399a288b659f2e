import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest of them, the longest first: one that was left to the end would run alone. The images of `systems` may have to be built. */
const longest = [
  'resources/remove',
  'apply/bounded',
  'apply/lock',
  'resources/file',
  'apply/take-back',
  'resources/package',
  'e2e/cluster',
  'e2e/systems',
  'e2e/examples-usual',
  'e2e/examples-more',
  'e2e/operate',
  'e2e/safety',
  'e2e/rolling',
  'e2e/verify',
  'e2e/chaos',
  'e2e/secrets',
];

/** As vitest sorts, but for those. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
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
