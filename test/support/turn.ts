/** Loaded into every file of unit tests before its own code. */
import { setImmediate } from 'node:timers/promises';
import { afterEach } from 'vitest';

// Scripts are waited for without a turn of the event loop; the runner gets its answers between tests.
afterEach(async () => {
  await setImmediate();
});
