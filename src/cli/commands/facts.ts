import { selectHosts } from '../../inventory/pattern.ts';
import { factsSection, readFacts } from '../../observe/facts.ts';
import type { Section } from '../../observe/frame.ts';
import type { Host } from '../../inventory/cluster.ts';
import { platforms } from '../../platform/index.ts';
import { printable } from '../../ssh/printable.ts';
import type { HostAnswer } from '../../status/status.ts';
import { askHosts } from '../ask-hosts.ts';
import { exit, type GlobalFlags, type Terminal } from '../context.ts';
import { withHosts, type House } from '../house.ts';

/** What is known of a host, whatever is wished of it. */
interface HostFacts {
  readonly host: string;
  readonly trouble?: string;
  readonly system?: string;
  readonly kernel?: string;
  readonly addresses?: readonly string[];
  /** Versions by package name, of those that lvsctl installs anywhere. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Schedulers that the running kernel has, as ipvsadm(8) `-s` takes them. */
  readonly schedulers?: readonly string[];
}

/** `lvsctl facts [PATTERN]`: system, kernel, addresses, versions and schedulers of the hosts; nothing is changed. */
export function facts(terminal: Terminal, flags: GlobalFlags, pattern: string | undefined): Promise<number> {
  return withHosts(terminal, flags, async (house) => {
    const { cluster, hosts, out, stop } = house;
    const chosen = pattern === undefined ? undefined : selectHosts(cluster, pattern);
    if (chosen?.ok === false) {
      out.error(`${pattern ?? ''}: ${chosen.error}`);
      return exit.usage;
    }
    const names = new Set(chosen?.value.map(({ name }) => name) ?? hosts.map(({ name }) => name));
    const asked = hosts.filter(({ name }) => names.has(name));
    const known = [...(await askHosts(house, asked, sectionsOf))].map(([name, said]) => read(name, said));
    if (flags.json) out.json(known);
    else for (const line of known.flatMap((one) => factsText(one, out.style))) out.line(line);
    if (stop.aborted) return exit.interrupted;
    return known.some(({ trouble }) => trouble !== undefined) ? exit.unreachable : exit.ok;
  });
}

function sectionsOf(host: Host): Section[] {
  const { packages, packageManager } = platforms[host.platform];
  const { marking, ...lists } = packages;
  const names = [...new Set([lists, marking].flatMap((one) => Object.values(one).flat()))];
  return [
    factsSection,
    { name: 'packages', sh: packageManager.query(names) },
    // A persistence engine and protocol helpers are modules of that folder as well; what is built in stands in a list.
    {
      name: 'schedulers',
      sh: 'cd "/lib/modules/$(uname -r)" 2>/dev/null && { find . -name "ip_vs_*.ko*"; grep -o "[^/]*ip_vs_.*" modules.builtin; }',
    },
  ];
}

const notSchedulers = new Set(['ftp', 'pe_sip']);

function read(host: string, said: HostAnswer): HostFacts {
  if ('trouble' in said) return { host, trouble: said.trouble };
  const output = (name: string): string => said.answers.get(name)?.output ?? '';
  const { system, kernel, addresses } = readFacts(output('facts'));
  const packages = [...output('packages').matchAll(/^(\S+) (\S+)$/gm)].map(([, name = '', version = '']) => [
    name,
    version,
  ]);
  const modules = [...output('schedulers').matchAll(/ip_vs_(\w+)\.ko/g)].map(([, name = '']) => name);
  return {
    host,
    system: `${system.id} ${system.version}`.trim(),
    kernel,
    addresses: addresses.map((one) => `${one.interface} ${one.address}/${one.prefix}`),
    packages: Object.fromEntries(packages) as Record<string, string>,
    schedulers: [...new Set(modules)].filter((name) => !notSchedulers.has(name)).sort(),
  };
}

function factsText(
  { host, trouble, system = '', kernel = '', addresses = [], packages = {}, schedulers = [] }: HostFacts,
  style: House['out']['style'],
): string[] {
  if (trouble !== undefined) return [`${style('bad', '✖')} ${style('bold', host)}: ${printable(trouble)}`];
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const line = (title: string, text: string): string[] =>
    text === '' ? [] : [`  ${style('dim', title.padEnd(10))}  ${printable(text)}`];
  return [
    style('bold', host),
    ...line('system', `${system}, kernel ${kernel}`),
    ...line('addresses', addresses.join(', ')),
    ...line('packages', versions.join(', ')),
    ...line('schedulers', schedulers.join(' ')),
  ];
}
