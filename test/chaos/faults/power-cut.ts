import { poweroff, poweron } from '../../../src/lab/index.ts';
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
    const { world, host } = scene;
    const watcher = await scene.watch(5);
    const program = await scene.start();
    const where = await watcher.held;
    scene.silent();
    await poweroff(world.lab, host);
    const since = Date.now();
    await poweron(world.lab, host);
    const ending = await program.end();
    await world.eventually(host, 'systemctl is-active -q multi-user.target', 180);
    scene.back(since);
    return { ending, codes: where.startsWith('in') ? [1] : [0, 1] };
  },
};
