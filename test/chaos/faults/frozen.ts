import { freeze, thaw } from '../../../src/lab/index.ts';
import { why, type Fault, type Without } from '../fault.ts';
import { seconds } from '../scene.ts';

const without: Without = {
  'remove-base': why.asLinkCut,
  prepare: why.changesNothing,
  storage: why.asLinkCut,
  'remove-real-servers': why.asLinkCut,
  'remove-storage': why.asLinkCut,
  'remove-packages': why.asPackages,
};

/** The host stands still, and goes on. */
export const frozen: Fault = {
  name: 'frozen',
  title: 'host frozen',
  without: (stage) => without[stage],
  async play(scene) {
    const { world, host, random } = scene;
    const watcher = await scene.watch(1);
    const program = await scene.start();
    await watcher.held;
    const long = random.next() < 0.5;
    scene.moment += long ? ', for long' : ', shortly';
    scene.silent();
    await freeze(world.lab, host);
    await seconds(long ? 21 : 4);
    const since = Date.now();
    await thaw(world.lab, host);
    const ending = await program.end();
    scene.back(since);
    return { ending, codes: [0, 1] };
  },
};
