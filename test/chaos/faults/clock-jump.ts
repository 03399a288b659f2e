import { why, type Fault, type Without } from '../fault.ts';

const without: Without = {
  prepare: why.changesNothing,
  packages: why.noClock,
  storage: why.noClock,
  'remove-real-servers': why.noClock,
  'remove-storage': why.noClock,
  'remove-packages': why.noClock,
};

/** The host's clock jumps by hours, forwards or backwards, and is set right when the run is over. */
export const clockJump: Fault = {
  name: 'clock-jump',
  title: 'clock jump',
  without: (stage) => without[stage],
  async play(scene) {
    const jump = scene.random.pick(['7 hours', '-7 hours']);
    try {
      const watcher = await scene.watch(20);
      const program = await scene.start();
      await watcher.held;
      scene.moment += `, by ${jump}`;
      await scene.on(`date -s '${jump}' >/dev/null; : >/run/chaos-go`);
      return { ending: await program.end(), codes: [0] };
    } finally {
      await scene.on(`date -s @${Math.round(Date.now() / 1000)} >/dev/null`);
    }
  },
};
