import type { Fault } from '../fault.ts';
import { seconds } from '../scene.ts';

const waits = /waits for the lock of the package manager, held by process \d+ \(python3\)/;

/** Another package manager is at work, as an unattended upgrade is; it ends once it was noticed. */
export const packageLock: Fault = {
  name: 'package-lock',
  title: 'apt lock held',
  without: (stage) => (stage === 'prepare' || stage.endsWith('packages') ? undefined : 'no package manager is used'),
  async play(scene) {
    scene.moment = 'before the run';
    const hold = `import fcntl, os, time
file = open("/var/lib/dpkg/lock-frontend", "w")
fcntl.lockf(file, fcntl.LOCK_EX)
open("/run/chaos-locked", "w").close()
end = time.monotonic() + 240
while os.path.exists("/run/chaos-locked") and time.monotonic() < end: time.sleep(0.2)`;
    await scene.on(
      `setsid python3 -c '${hold}' >/dev/null 2>&1 </dev/null & until [ -e /run/chaos-locked ]; do sleep 0.1; done`,
    );
    const program = await scene.start();
    const ending = program.end();
    const over = ending.then(() => true);
    while (!waits.test(program.output) && !(await Promise.race([over, seconds(0.5)]))) continue;
    await scene.on('rm -f /run/chaos-locked');
    return { ending: await ending, codes: [0], says: [waits] };
  },
};
