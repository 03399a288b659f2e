import { printable } from '../ssh/printable.ts';
import type { ClusterStatus, ServerStatus, ServiceStatus, VrrpState } from '../status/status.ts';
import type { Style, Tone } from '../ui/style.ts';

/** Columns of the table of real servers, the least important last: they go first where the terminal is narrow. */
const columns: readonly { readonly title: string; readonly of: (server: ServerStatus) => string }[] = [
  { title: 'state', of: ({ state }) => state },
  { title: 'weight', of: ({ weight }) => String(weight) },
  { title: 'active', of: ({ active }) => String(active) },
  { title: 'inactive', of: ({ inactive }) => String(inactive) },
  { title: 'conn/s', of: ({ connections }) => String(connections) },
  { title: 'in/s', of: ({ bytesIn }) => size(bytesIn) },
  { title: 'out/s', of: ({ bytesOut }) => size(bytesOut) },
  { title: 'address', of: ({ end }) => end },
];

/** The status of a cluster, in lines of at most `width` columns. */
export function statusText(status: ClusterStatus, style: Style, width: number): string[] {
  const lines = [
    ...status.unreachable.map(({ host, detail }): Line => [
      ['bad', '✖ '],
      ['bold', host],
      ['plain', `: ${printable(detail)}`],
    ]),
    ...section('VIPs', status.vips.map(vipLine)),
    ...section('VRRP', vrrpLines(status)),
    ...status.services.flatMap((service) => serviceLines(service, width)),
    ...section(
      'sync daemon',
      status.syncDaemons.map(({ director, daemon }) => [
        ['bold', `  ${director}`],
        ['plain', `  ${printable(daemon)}`],
      ]),
    ),
    ...section(
      'mounts',
      status.mounts.map(({ host, path, mounted }) => [
        ['bold', `  ${host}`],
        ['plain', `  ${path}  `],
        mounted ? ['good', 'mounted'] : ['bad', 'not mounted'],
      ]),
    ),
    ...(status.drained.length > 0 ? ([[], [['warn', `drained: ${status.drained.join(', ')}`]]] as Line[]) : []),
  ];
  const [first, ...rest] = lines;
  return (first?.length === 0 ? rest : lines).map((line) => drawn(line, style, width));
}

type Line = readonly (readonly [Tone | 'plain', string])[];

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], [['head', title]], ...lines];
}

function vipLine({ vip, instance, holders }: ClusterStatus['vips'][number]): Line {
  const held: Line[number] =
    holders.length === 0
      ? ['bad', 'held by no director']
      : holders.length === 1
        ? ['good', holders[0] ?? '']
        : ['bad', `held by ${holders.join(' and ')}`];
  return [['bold', `  ${vip}`], ['plain', '  '], held, ['dim', `  ${instance}`]];
}

const tones: Readonly<Record<VrrpState, Tone>> = {
  master: 'good',
  backup: 'dim',
  fault: 'bad',
  stopped: 'bad',
  unknown: 'warn',
};

function vrrpLines({ vrrp }: ClusterStatus): Line[] {
  const instances = [...new Set(vrrp.map(({ instance }) => instance))];
  return instances.map((instance) => [
    ['bold', `  ${instance}`],
    ...vrrp
      .filter((one) => one.instance === instance)
      .flatMap(({ director, state }): Line => [
        ['plain', `  ${director} `],
        [tones[state], state],
      ]),
  ]);
}

function serviceLines({ name, key, scheduler, director, servers }: ServiceStatus, width: number): Line[] {
  const heading: Line = [
    ['head', name],
    ['plain', `  ${key} ${scheduler}`],
    director === undefined ? ['bad', '  no director could be asked'] : ['dim', `  as ${director} has it`],
  ];
  const names = Math.max(...servers.map(({ host }) => host.length), 0);
  const widths = columns.map(({ title, of }) => Math.max(title.length, ...servers.map((server) => of(server).length)));
  // What does not fit is left out from the right, whole columns at a time.
  let room = width - names - 2;
  const shown = columns.filter((_, index) => (room -= (widths[index] ?? 0) + 2) >= 0);
  const pad = (text: string, index: number): string => `  ${text.padStart(widths[index] ?? 0)}`;
  return [
    [],
    heading,
    [['dim', `${' '.repeat(names + 2)}${shown.map(({ title }, index) => pad(title, index)).join('')}`]],
    ...servers.map((server): Line => [
      ['bold', `  ${server.host.padEnd(names)}`],
      ...shown.map(({ of, title }, index): Line[number] => [
        title === 'state' ? ({ in: 'good', drained: 'warn', out: 'bad' } as const)[server.state] : 'plain',
        pad(of(server), index),
      ]),
    ]),
  ];
}

function drawn(line: Line, style: Style, width: number): string {
  let room = width;
  return line
    .map(([tone, text]) => {
      const fitting = text.slice(0, Math.max(room, 0));
      room -= fitting.length;
      return tone === 'plain' ? fitting : style(tone, fitting);
    })
    .join('');
}

/** Bytes with a unit of 1000: `512`, `1.5k`, `20M`. */
function size(bytes: number): string {
  const units = ['', 'k', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)}${units[unit] ?? ''}`;
}
