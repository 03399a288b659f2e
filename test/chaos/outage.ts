import type { Lab } from '../../src/lab/index.ts';
import type { Ending } from './program.ts';
import { seconds, type Scene } from './scene.ts';

/** Has the host out of reach in the middle of the stage, for a hiccup or for longer than a connection lives without an answer. */
export async function outage(
  scene: Scene,
  begin: (lab: Lab, host: string) => Promise<void>,
  end: (lab: Lab, host: string) => Promise<void>,
): Promise<Ending> {
  const { world, host, random } = scene;
  const watcher = await scene.watch(1);
  const program = await scene.start();
  await watcher.held;
  const long = random.next() < 0.5;
  scene.moment += long ? ', for long' : ', shortly';
  scene.silent();
  await begin(world.lab, host);
  await seconds(long ? 21 : 4);
  const since = Date.now();
  await end(world.lab, host);
  const ending = await program.end();
  scene.back(since);
  return ending;
}
