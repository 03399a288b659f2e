import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder that lvsctl is installed in: the nearest one above this file that has a package.json. */
export const home = homeOf(import.meta.dirname);

function homeOf(folder: string): string {
  const above = dirname(folder);
  return existsSync(join(folder, 'package.json')) || above === folder ? folder : homeOf(above);
}

/** What node is to be given to run an entry point: the compiled one, or from the sources, as tests do, the source by tsx. */
export function programArguments(entry: 'main' | 'lab/supervisor'): readonly string[] {
  if (!import.meta.filename.endsWith('.ts')) return [join(home, 'dist', `${entry}.js`)];
  return ['--import', import.meta.resolve('tsx'), join(home, 'src', `${entry}.ts`)];
}
