import { environment } from '../../../src/lab/index.ts';
import { enter, talk } from '../../e2e/dialogue.ts';
import { why, type Fault, type Without } from '../fault.ts';
import { main } from '../program.ts';
import { writeShop } from '../scene.ts';
import { sudoPassword } from '../shop.ts';

/** Scripts that a host runs by sudo before the stage: the lock, the look; of what is not wished any more a second look. */
const before = (stage: string): number => (stage === 'packages' || stage.startsWith('remove-') ? 3 : 2);

const without: Without = {
  prepare: why.notBegun,
  storage: why.notBegun,
  'remove-directors': why.notBegun,
  'remove-storage': why.notBegun,
  'remove-base': why.notBegun,
  'remove-packages': why.notBegun,
};

/** The password that was right at the beginning is refused from the stage on, as when it was changed meanwhile. */
export const sudoRefused: Fault = {
  name: 'sudo-refused',
  title: 'wrong sudo password',
  without: (stage) => without[stage],
  async play(scene) {
    const { world, host, stage } = scene;
    const allowed = before(stage);
    scene.moment = `after ${allowed} scripts`;
    // sudo(8) asks PAM each time, and PAM asks this.
    const gate = `#!/bin/sh
read -r count 2>/dev/null </run/chaos-sudo
echo $((count + 1)) >/run/chaos-sudo
[ $((count + 1)) -le ${allowed} ]
`;
    const file = await writeShop(world, scene.wished, { sudoOn: host });
    try {
      await scene.on(`cat >/root/chaos-gate <<'end'
${gate}end
chmod 0700 /root/chaos-gate
rm -f /run/chaos-sudo
sed -i '1i auth required pam_exec.so quiet /root/chaos-gate' /etc/pam.d/sudo`);
      const { code, screen } = await talk(
        ['ip', 'netns', 'exec', world.lab.namespace, process.execPath, main, ...scene.command(file), '--verbose'],
        { ...process.env, NO_COLOR: '1', ...environment(world.lab) },
        [[/sudo password \(asked by \w+, used for all hosts\)/, `${sudoPassword}${enter}`]],
        300,
      );
      return { ending: { code, output: screen }, codes: [1, 3], says: [/password/i] };
    } finally {
      await scene.on(`sed -i '/chaos-gate/d' /etc/pam.d/sudo; rm -f /root/chaos-gate /run/chaos-sudo`);
    }
  },
};
