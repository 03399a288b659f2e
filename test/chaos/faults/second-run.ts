import { why, type Fault, type Without } from '../fault.ts';

const without: Without = {
  prepare: why.wholeRun,
  packages: why.wholeRun,
  storage: why.wholeRun,
  'remove-directors': why.wholeRun,
  'remove-real-servers': why.wholeRun,
  'remove-storage': why.wholeRun,
  'remove-base': why.wholeRun,
  'remove-packages': why.wholeRun,
};

/** Somebody else applies the same at the same time. */
export const secondRun: Fault = {
  name: 'second-run',
  title: 'second lvsctl at once',
  without: (stage) => without[stage],
  async play(scene) {
    const watcher = await scene.watch(60);
    const program = await scene.start();
    const where = await watcher.held;
    const second = await (await scene.start()).end();
    if (where.startsWith('in')) {
      const refused = second.code === 1 && /locked by \S+@\S+ [^]*Nothing was changed on any host/.test(second.output);
      if (!refused) throw new Error(`the second run was not refused: ${String(second.code)} ${second.output}`);
    }
    await scene.on(': >/run/chaos-go');
    return { ending: await program.end(), codes: [0] };
  },
};
