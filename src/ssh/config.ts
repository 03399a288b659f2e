import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SSHConfig, { LineType } from 'ssh-config';
import { matchGlob } from './pattern.ts';

/*
 * Why not `ssh -G HOST`, which is exact by definition: it forks a process a host (a thousand hosts are a thousand forks before
 * the first packet), and it runs `Match exec` and KnownHostsCommand. The package ssh-config takes the lines apart; which of them
 * apply to a host is decided in settings.ts, because the package knows no Include, would run nslookup for
 * CanonicalizeHostname, and gives up on the whole file at one bad line.
 */

/** One line of ssh_config(5) that says something, in the order of the files. */
export type ConfigNode =
  | { readonly kind: 'host'; readonly patterns: readonly string[] }
  | { readonly kind: 'match'; readonly criteria: readonly string[] }
  | { readonly kind: 'set'; readonly key: string; readonly value: string }
  | { readonly kind: 'include'; readonly nodes: readonly ConfigNode[] };

/** An OpenSSH client configuration as it was read. */
export interface SshConfig {
  readonly nodes: readonly ConfigNode[];
  /** What could not be understood or read, one line each, with file and line. Everything else still counts. */
  readonly problems: readonly string[];
}

/** Reads ~/.ssh/config, or the file that LVSCTL_SSH_CONFIG names. That there is no ~/.ssh/config is no problem. */
export function loadConfig(env: NodeJS.ProcessEnv, home: string): SshConfig {
  const named = env['LVSCTL_SSH_CONFIG'];
  const file = named ?? join(home, '.ssh', 'config');
  const problems: string[] = [];
  const nodes = readConfigFile(file, { home, problems, chain: [], optional: named === undefined });
  return { nodes, problems };
}

/** Reads one configuration from its text. Include is followed through `include`, which gives the nodes of a path pattern. */
export function parseConfig(
  text: string,
  file: string,
  problems: string[],
  include: (pattern: string) => readonly ConfigNode[],
): ConfigNode[] {
  const nodes: ConfigNode[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const words = parseLine(line);
    if (words === undefined) problems.push(`${file}:${index + 1}: not understood: ${line.trim().slice(0, 80)}`);
    else if (words !== 'nothing') nodes.push(toNode(words, include));
  }
  return nodes;
}

interface Words {
  readonly key: string;
  readonly values: readonly string[];
}

function toNode({ key, values }: Words, include: (pattern: string) => readonly ConfigNode[]): ConfigNode {
  switch (key) {
    case 'host':
      return { kind: 'host', patterns: values };
    case 'match':
      return { kind: 'match', criteria: values };
    case 'include':
      return { kind: 'include', nodes: values.flatMap(include) };
    default:
      return { kind: 'set', key, value: values[0] ?? '' };
  }
}

function parseLine(text: string): Words | 'nothing' | undefined {
  if (/^\s*(#|$)/.test(text)) return 'nothing';
  try {
    const line = SSHConfig.parse(text)[0];
    if (line?.type !== LineType.DIRECTIVE || line.param === '') return undefined;
    const values = typeof line.value === 'string' ? [line.value] : line.value.map(({ val }) => val);
    return values[0] === undefined || values[0] === '' ? undefined : { key: line.param.toLowerCase(), values };
  } catch {
    return undefined; // the package throws at unbalanced quotes, at an empty Host and at half a Match
  }
}

interface Reading {
  readonly home: string;
  readonly problems: string[];
  /** The files whose Include lines led here. */
  readonly chain: readonly string[];
  readonly optional: boolean;
}

function readConfigFile(file: string, reading: Reading): ConfigNode[] {
  const { home, problems, chain } = reading;
  if (chain.includes(file)) {
    problems.push(`${file}: is included by itself`);
    return [];
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!(reading.optional && code === 'ENOENT')) problems.push(`${file}: cannot be read (${code ?? String(error)})`);
    return [];
  }
  return parseConfig(text, file, problems, (pattern) =>
    includedFiles(pattern, home).flatMap((found) =>
      readConfigFile(found, { home, problems, chain: [...chain, file], optional: true }),
    ),
  );
}

/** The files of an Include pattern, sorted: `~` is the home folder, and what is relative lies in ~/.ssh. */
function includedFiles(pattern: string, home: string): string[] {
  const path = pattern.startsWith('~/') ? join(home, pattern.slice(2)) : pattern;
  return expand(path.startsWith('/') ? path : join(home, '.ssh', path));
}

function expand(path: string): string[] {
  if (!/[*?]/.test(path)) return [path];
  const folder = dirname(path);
  const name = path.slice(folder.length).replace(/^\//, '');
  return expand(folder).flatMap((parent) => {
    if (!/[*?]/.test(name)) return [join(parent, name)];
    try {
      return readdirSync(parent)
        .filter((entry) => (name.startsWith('.') || !entry.startsWith('.')) && matchGlob(name, entry))
        .sort()
        .map((entry) => join(parent, entry));
    } catch {
      return [];
    }
  });
}
