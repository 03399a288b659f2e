import { environment } from '../../../src/lab/index.ts';
import { enter, talk } from '../../e2e/dialogue.ts';
import { why, type Fault, type Without } from '../fault.ts';
import { main } from '../program.ts';
import { writeShop } from '../scene.ts';

const without: Without = {
  prepare: why.notBegun,
  packages: why.notBegun,
  storage: why.notBegun,
  'remove-directors': why.notBegun,
  'remove-real-servers': why.notBegun,
  'remove-storage': why.notBegun,
  'remove-base': why.notBegun,
  'remove-packages': why.notBegun,
};

/** The operator types another password than the one that sudo wants on one of the hosts. */
export const sudoRefused: Fault = {
  name: 'sudo-refused',
  title: 'wrong sudo password',
  without: (stage) => without[stage],
  async play(scene) {
    const { lab } = scene.world;
    scene.moment = 'at the first script';
    const file = await writeShop(scene.world, scene.wished, { sudoOn: scene.host });
    const { code, screen } = await talk(
      ['ip', 'netns', 'exec', lab.namespace, process.execPath, main, ...scene.command(file), '--verbose'],
      { ...process.env, NO_COLOR: '1', ...environment(lab) },
      [[/sudo password \(asked by \w+, used for all hosts\)/, `not it${enter}`]],
      300,
    );
    return {
      ending: { code, output: screen },
      codes: [1, 3],
      says: [/password/i, /Nothing was changed on any host/],
    };
  },
};
