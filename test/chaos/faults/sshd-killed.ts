import { why, type Fault, type Without } from '../fault.ts';
import { seconds } from '../scene.ts';

const without: Without = {
  'remove-directors': why.asLinkCut,
  prepare: why.changesNothing,
  storage: why.asLinkCut,
  'remove-storage': why.asLinkCut,
  'remove-base': why.asLinkCut,
  'remove-packages': why.asPackages,
};

/** All of sshd is killed, the sessions too; a service manager starts it again. */
export const sshdKilled: Fault = {
  name: 'sshd-killed',
  title: 'sshd killed',
  without: (stage) => without[stage],
  async play(scene) {
    const watcher = await scene.watch(4);
    const program = await scene.start();
    await watcher.held;
    // What kills it must not end with its session.
    await scene.on(
      `systemd-run --quiet --collect sh -c 'sleep 0.5; systemctl kill -s KILL ssh.service; pkill -KILL sshd; sleep 3; systemctl reset-failed ssh.service; systemctl start ssh.service'`,
    );
    await seconds(2);
    const ending = await program.end();
    await scene.world.eventually(scene.host, 'systemctl is-active -q ssh.service', 60);
    return { ending, codes: [0, 1] };
  },
};
