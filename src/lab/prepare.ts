import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programArguments } from '../installation.ts';
import { quote } from '../ssh/quote.ts';
import { seedFiles, writeSeed } from './host/seed.ts';
import { knownHostsText, sshConfigText } from './host/ssh.ts';
import { hostLayout, type Layout } from './layout.ts';
import type { LabRecord } from './record.ts';
import { run } from './run.ts';
import type { LabHost } from './spec.ts';

/** Writes the state folder of a new lab: keys, known_hosts, the hosts' seeds; the record comes last. */
export async function prepare(paths: Layout, record: LabRecord, running: ReadonlySet<string>): Promise<void> {
  const { hosts } = record.spec;
  await mkdir(paths.folder, { recursive: true, mode: 0o700 });
  await makeKey(paths.key, 'lvsctl-lab');
  const loginKey = await readFile(`${paths.key}.pub`, 'utf8');
  const keys = await Promise.all(hosts.map((host) => prepareHost(paths, record, host, loginKey)));
  await writeFile(paths.knownHosts, knownHostsText(hosts, new Map(keys)));
  await writeFile(paths.sshConfig, sshConfigText(hosts, paths));
  await writeProgram(paths.programs);
  const off = hosts.filter((host) => !running.has(host.name));
  await Promise.all(off.map((host) => writeFile(hostLayout(paths, host.name).off, '')));
  const draft = `${paths.record}.new`;
  await writeFile(draft, JSON.stringify(record, null, 2));
  await rename(draft, paths.record);
}

/** The host's name and public key. */
async function prepareHost(
  paths: Layout,
  record: LabRecord,
  host: LabHost,
  loginKey: string,
): Promise<[string, string]> {
  const files = hostLayout(paths, host.name);
  await mkdir(files.folder, { recursive: true });
  const key = join(files.folder, 'key');
  await makeKey(key, host.name);
  const hostKey = { secret: await readFile(key, 'utf8'), public: await readFile(`${key}.pub`, 'utf8') };
  const taps = record.topology.taps.filter((tap) => tap.host === host.name);
  const operator = record.topology.bridges[0]?.operator[0]?.split('/')[0] ?? '';
  const identity = { host, taps, spec: record.spec, operator, hostKey, loginKey };
  await writeSeed(files.seed, seedFiles(identity));
  await Promise.all([rm(key), rm(`${key}.pub`)]);
  return [host.name, hostKey.public];
}

/** `lvsctl` as it runs now, so that the operator's network has it whether it is installed or not. */
async function writeProgram(folder: string): Promise<void> {
  const command = [process.execPath, ...programArguments('main')];
  await mkdir(folder, { recursive: true });
  const text = `#!/bin/sh\nexec ${command.map(quote).join(' ')} "$@"\n`;
  await writeFile(join(folder, 'lvsctl'), text, { mode: 0o755 });
}

async function makeKey(file: string, comment: string): Promise<void> {
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
}
