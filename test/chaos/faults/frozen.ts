import { freeze, thaw } from '../../../src/lab/index.ts';
import { why, type Fault, type Without } from '../fault.ts';
import { outage } from '../outage.ts';

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
    return { ending: await outage(scene, freeze, thaw), codes: [0, 1] };
  },
};
