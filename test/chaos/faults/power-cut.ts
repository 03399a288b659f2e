import { why, type Fault, type Without } from '../fault.ts';

const without: Without = {
  'remove-base': why.asOthers,
  prepare: why.changesNothing,
  'remove-storage': why.asStorage,
  'remove-packages': why.asPackages,
};

/** The host loses its power, and gets it back. */
export const powerCut: Fault = {
  name: 'power-cut',
  title: 'host powered off and on',
  without: (stage) => without[stage],
  async play(scene) {
    const watcher = await scene.watch(5);
    const program = await scene.start();
    const where = await watcher.held;
    const since = await scene.powerCut();
    const ending = await program.end();
    await scene.booted(since);
    return { ending, codes: where.startsWith('in') ? [1] : [0, 1] };
  },
};
