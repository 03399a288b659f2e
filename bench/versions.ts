import { fileURLToPath } from 'node:url';
import { attempt, run } from '../src/lab/run.ts';
import { program } from './contenders/lvsctl.ts';
import type { Site } from './contender.ts';
import { inNetwork } from './network.ts';

/** Versions by what they are of, in the order in which they are shown. */
export type Versions = ReadonlyMap<string, string>;

/** Packages of Ansible's root and of the hosts whose versions matter. */
const peers = { 'ansible-core': 'Ansible core', ansible: 'Ansible collections', 'ansible-mitogen': 'Mitogen' };
const deployed = ['keepalived', 'nginx', 'nfs-kernel-server', 'openssh-server', 'python3'];

/** The versions of everything that takes part. `site` is a lab with a deployed cluster, running. */
export async function versions(root: string, site: Site): Promise<Versions> {
  const [node = '', main = ''] = program;
  const rows: [string, string][] = [
    ['lvsctl', `${(await run(node, [main, '--version'])).trim()}${await commit()}`],
    ['Node.js', process.versions.node],
  ];
  const inRoot = await installed(['dpkg-query', `--admindir=${root}/var/lib/dpkg`], Object.keys(peers));
  for (const [name, title] of Object.entries(peers)) rows.push([title, inRoot.get(name) ?? 'unknown']);
  const { kernel, packages } = await hostVersions(site);
  rows.push(['kernel of the hosts', kernel]);
  for (const name of deployed) rows.push([name, packages.get(name) ?? 'unknown']);
  return new Map(rows);
}

/** The commit that the working folder is at; nothing outside a clone. */
async function commit(): Promise<string> {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const { code, stdout } = await attempt('git', ['-C', folder, 'rev-parse', '--short', 'HEAD']);
  return code === 0 ? ` (commit ${stdout.trim()})` : '';
}

async function hostVersions({ lab }: Site): Promise<{ kernel: string; packages: Map<string, string> }> {
  const seen = new Map<string, string>();
  let kernel = '';
  for (const { name } of lab.hosts) {
    const onHost = inNetwork(lab, ['ssh', '-F', lab.layout.sshConfig, name]);
    const [ip = '', ...words] = onHost;
    kernel = (await run(ip, [...words, 'uname -r'])).trim();
    for (const [each, version] of await installed([...onHost, 'dpkg-query'], deployed)) seen.set(each, version);
  }
  return { kernel, packages: seen };
}

/** The versions of those packages that are installed. */
async function installed(query: readonly string[], names: readonly string[]): Promise<Map<string, string>> {
  const [program = '', ...words] = query;
  const { stdout } = await attempt(program, [...words, '--show', ...names]);
  const rows = stdout.split('\n').map((line) => line.split('\t'));
  return new Map(rows.flatMap(([name, version]) => (version ? [[(name ?? '').split(':')[0] ?? '', version]] : [])));
}
