import { why, type Fault, type Without } from '../fault.ts';

/** Fills the disk to the last block, what is kept for root as well. */
const fill = `python3 -c '
import os
file = os.open("/chaos-ballast", os.O_CREAT | os.O_WRONLY)
at, size = 0, 1 << 28
while size >= 4096:
    try:
        os.posix_fallocate(file, at, size)
        at += size
    except OSError:
        size >>= 1
'`;

const without: Without = {
  'remove-base': why.asOthers,
  prepare: why.changesNothing,
  'remove-storage': why.asStorage,
  'remove-packages': why.asPackages,
};

/** No block is free on the host's disk, from before the run or from the middle of the stage on. */
export const diskFull: Fault = {
  name: 'disk-full',
  title: 'disk full',
  without: (stage) => without[stage],
  async play(scene) {
    try {
      if (scene.random.next() < 0.4) {
        scene.moment = 'before the run';
        await scene.on(fill);
        const program = await scene.start();
        return { ending: await program.end(), codes: [1] };
      }
      const watcher = await scene.watch(20);
      const program = await scene.start();
      await watcher.held;
      await scene.on(`${fill}; : >/run/chaos-go`);
      return { ending: await program.end(), codes: [0, 1] };
    } finally {
      await scene.on('rm -f /chaos-ballast');
    }
  },
};
