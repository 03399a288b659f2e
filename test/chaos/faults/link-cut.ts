import { plug, unplug } from '../../../src/lab/index.ts';
import { why, type Fault, type Without } from '../fault.ts';
import { outage } from '../outage.ts';

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
    return { ending: await outage(scene, unplug, plug), codes: [0, 1] };
  },
};
