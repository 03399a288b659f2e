import type { Fault } from '../fault.ts';

/** `kill -9` of lvsctl. */
export const killed: Fault = {
  name: 'killed',
  title: 'lvsctl killed (SIGKILL)',
  without: () => undefined,
  async play(scene) {
    const watcher = await scene.watch(1.5);
    const program = await scene.start();
    await watcher.held;
    program.kill();
    return { ending: await program.end(), codes: undefined };
  },
};
