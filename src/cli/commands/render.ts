import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileResource } from '../../resources/file.ts';
import { replaceFile } from '../../replace-file.ts';
import { count } from '../../report/plan.ts';
import { exit, type GlobalFlags, type Output, type Terminal } from '../context.ts';
import { desiredHosts } from '../house.ts';
import { withCluster } from '../with-cluster.ts';

/** `lvsctl render`: every file that an apply would write, by host; no host is touched. */
export function render(
  terminal: Terminal,
  flags: GlobalFlags & { readonly out?: string | undefined },
): Promise<number> {
  return withCluster(terminal, flags, async ({ cluster, hosts, out }) => {
    const files = desiredHosts(cluster, hosts).flatMap(({ host, resources }) =>
      resources.flatMap(({ resource }) =>
        resource.kind === 'file' && resource.content !== undefined
          ? [{ host: host.name, file: resource, content: resource.content }]
          : [],
      ),
    );
    if (flags.out !== undefined) await writeAll(flags.out, files, out);
    else if (flags.json) {
      out.json(files.map(({ host, file, content }) => ({ host, path: file.path, mode: file.mode, content })));
    } else {
      for (const { host, file, content } of files)
        out.line(`${out.style('head', `# ${host}:${file.path}`)}\n${content}`);
    }
    return exit.ok;
  });
}

/** Writes DIR/HOST/PATH. What only root may read on the host, only the operator may read here: it may hold a secret. */
async function writeAll(
  folder: string,
  files: readonly { readonly host: string; readonly file: FileResource; readonly content: string }[],
  out: Output,
): Promise<void> {
  for (const { host, file, content } of files) {
    const path = join(folder, host, file.path);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, content, file.mode.endsWith('4') ? 0o644 : 0o600);
  }
  out.error(`${count(files.length, 'file')} written below ${folder}`);
}
