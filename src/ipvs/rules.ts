import { err, ok, type Result } from '../result.ts';

/** A virtual service as `ipvsadm -Sn` writes it, ipvsadm(8). */
export interface ServiceRules {
  /** What names it: `-t 10.77.0.100:80`, `-f 1`, `-f 1 -6`. */
  readonly key: string;
  /** All else of its line: `-s wrr -p 300`. */
  readonly options: string;
  /** The rest of the line of each real server, by its address and port: `-g -w 1`. */
  readonly servers: ReadonlyMap<string, string>;
}

/** A table in the form in which ipvsadm saves it. */
export type Rules = readonly ServiceRules[];

/** Tables of several directors, by name; one without a name is for any director. */
export type SavedRules = ReadonlyMap<string | undefined, Rules>;

const heading = /^# director ([A-Za-z0-9][A-Za-z0-9._-]*)$/;
const protocols = new Set(['-t', '-u', '-f', '--sctp-service']);
/** Nothing that sh could take for more than a word. */
const word = /^[A-Za-z0-9._:[\]/,=-]+$/;

/**
 * Reads what `ipvsadm -Sn` printed, or a file of `lvsctl ipvs save`, where the table of each director stands below a line with
 * its name. The error says which line makes no sense.
 */
export function readRules(text: string): Result<SavedRules, string> {
  const tables = new Map<string | undefined, { key: string; options: string; servers: Map<string, string> }[]>();
  let director: string | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    const name = heading.exec(trimmed)?.[1];
    if (name !== undefined) {
      director = name;
      tables.set(director, tables.get(director) ?? []);
    }
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const nonsense = err(`line ${index + 1} is no line of ipvsadm -Sn: ${trimmed.slice(0, 120)}`);
    const [verb, ...words] = trimmed.split(/\s+/);
    if (!words.every((one) => word.test(one))) return nonsense;
    const [protocol = '', end = '', ...options] = words;
    if (!protocols.has(protocol) || end.startsWith('-')) return nonsense;
    const ipv6 = protocol === '-f' && options[0] === '-6';
    const key = [protocol, end, ...(ipv6 ? ['-6'] : [])].join(' ');
    const rest = ipv6 ? options.slice(1) : options;
    const table = tables.get(director) ?? [];
    tables.set(director, table);
    if (verb === '-A') table.push({ key, options: rest.join(' '), servers: new Map() });
    else if (verb === '-a' && rest[0] === '-r') {
      const service = table.find((one) => one.key === key);
      if (service === undefined) return nonsense;
      service.servers.set(rest[1] ?? '', rest.slice(2).join(' '));
    } else return nonsense;
  }
  return ok(tables);
}

/** A table as `ipvsadm -Sn` prints it. */
export function writeRules(rules: Rules): string {
  return rules
    .flatMap(({ key, options, servers }) => [
      `-A ${key} ${options}`,
      ...[...servers].map(([end, rest]) => `-a ${key} -r ${end} ${rest}`),
    ])
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** The fewest arguments of ipvsadm(8) that make one table of another: what is equal in both is left alone, with its connections. */
export function changeRules(from: Rules, to: Rules): string[] {
  const before = new Map(from.map((service) => [service.key, service]));
  const after = new Set(to.map(({ key }) => key));
  return [
    ...from.filter(({ key }) => !after.has(key)).map(({ key }) => `-D ${key}`),
    ...to.flatMap((service) => changeService(before.get(service.key), service)),
  ];
}

function changeService(before: ServiceRules | undefined, { key, options, servers }: ServiceRules): string[] {
  const had = before?.servers ?? new Map<string, string>();
  const verb = before === undefined ? '-A' : '-E';
  return [
    ...(before?.options === options ? [] : [`${verb} ${key} ${options}`]),
    ...[...had.keys()].filter((end) => !servers.has(end)).map((end) => `-d ${key} -r ${end}`),
    ...[...servers].flatMap(([end, rest]) =>
      had.get(end) === rest ? [] : [`${had.has(end) ? '-e' : '-a'} ${key} -r ${end} ${rest}`],
    ),
  ];
}
