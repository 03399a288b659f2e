import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../fault.ts';

const builtIn = join(import.meta.dirname, '..', '..', '..', 'templates');

/** keepalived refuses what a template of the user's makes; nginx refuses a file that somebody else has put beside ours. */
export const configurationRefused: Fault = {
  name: 'configuration-refused',
  title: 'keepalived or nginx refuses the configuration',
  without: (stage) =>
    ['real-servers', 'directors', 'remove-real-servers'].includes(stage)
      ? undefined
      : 'neither of the two is configured',
  async play(scene) {
    scene.moment = 'before the run';
    if (scene.stage === 'directors') {
      const templates = join(scene.world.folder, 'refused-templates');
      await mkdir(templates, { recursive: true });
      const frame = await readFile(join(builtIn, 'keepalived.conf.hbs'), 'utf8');
      await writeFile(join(templates, 'keepalived.conf.hbs'), `${frame}\nno_such_keyword {\n`);
      const program = await scene.start({ templates });
      return { ending: await program.end(), codes: [1], says: [/no_such_keyword/] };
    }
    const foreign = '/etc/nginx/conf.d/zz-foreign.conf';
    try {
      await scene.on(`echo 'no_such_directive on;' >${foreign}`);
      const program = await scene.start();
      return { ending: await program.end(), codes: [1], says: [/no_such_directive/] };
    } finally {
      await scene.on(`rm -f ${foreign}`);
    }
  },
};
