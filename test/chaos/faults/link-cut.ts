import { plug, unplug } from '../../../src/lab/index.ts';
import { why, type Fault, type Without } from '../fault.ts';
import { seconds } from '../scene.ts';

const without: Without = {
  'remove-storage': why.asStorage,
  prepare: why.changesNothing,
  'remove-packages': why.asPackages,
};

/** The cables of the host are pulled, for a hiccup or for longer than a connection lives without an answer. */
export const linkCut: Fault = {
  name: 'link-cut',
  title: 'link cut',
  without: (stage) => without[stage],
  async play(scene) {
    const { world, host, random } = scene;
    const watcher = await scene.watch(1);
    const program = await scene.start();
    await watcher.held;
    const long = random.next() < 0.5;
    scene.moment += long ? ', for long' : ', shortly';
    scene.silent();
    await unplug(world.lab, host);
    await seconds(long ? 21 : 4);
    const since = Date.now();
    await plug(world.lab, host);
    const ending = await program.end();
    scene.back(since);
    return { ending, codes: [0, 1] };
  },
};
