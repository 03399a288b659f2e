import { why, type Fault, type Without } from '../fault.ts';

// As the kernel does by itself when a disk gives errors; what is open for writing does not stop it.
const harden =
  'echo 1 >/proc/sys/kernel/sysrq; echo u >/proc/sysrq-trigger; until ! touch /root/.chaos 2>/dev/null; do sleep 0.1; done';

const without: Without = {
  packages: why.asDiskFull,
  prepare: why.changesNothing,
  'remove-storage': why.asDiskFull,
  'remove-base': why.asDiskFull,
  'remove-real-servers': why.asDiskFull,
  'remove-packages': why.asPackages,
};

/** The host's file system becomes read-only, before the run or in the middle of the stage. */
export const readOnly: Fault = {
  name: 'read-only',
  title: 'read-only file system',
  without: (stage) => without[stage],
  async play(scene) {
    try {
      if (scene.random.next() < 0.4) {
        scene.moment = 'before the run';
        await scene.on(harden);
        const program = await scene.start();
        return { ending: await program.end(), codes: [1] };
      }
      const watcher = await scene.watch(20);
      const program = await scene.start();
      await watcher.held;
      await scene.on(`${harden}; : >/run/chaos-go`);
      return { ending: await program.end(), codes: [0, 1] };
    } finally {
      // ext4 wants a boot first where a file was deleted while it was open.
      if ((await scene.on('mount -o remount,rw / 2>/dev/null || echo refused')).trim() === 'refused')
        await scene.booted(await scene.powerCut());
      await scene.on('rm -f /root/.chaos');
    }
  },
};
