import type { Fault } from '../fault.ts';

/** Another package manager is at work, as an unattended upgrade is; it ends after a while. */
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
time.sleep(12)
os.remove("/run/chaos-locked")`;
    await scene.on(
      `setsid python3 -c '${hold}' >/dev/null 2>&1 </dev/null & until [ -e /run/chaos-locked ]; do sleep 0.1; done`,
    );
    const program = await scene.start();
    const ending = await program.end();
    return { ending, codes: [0], says: [/waits for the lock of the package manager, held by process \d+ \(python3\)/] };
  },
};
