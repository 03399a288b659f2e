import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach } from 'vitest';
import { forgetScratch } from './shell.ts';

// Run for every file of tests: files share their modules, so that what a module registers itself holds for the first file only.
afterAll(forgetScratch);

// Scripts are waited for without a turn of the event loop (support/sh.ts); the runner gets its answers between tests.
afterEach(async () => {
  await setImmediate();
});
