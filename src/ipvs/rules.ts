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

/** One change of a table, as arguments of ipvsadm(8). */
export interface RuleChange {
  readonly change: string;
  /** What takes it back, one call after the other; the connections of what was deleted are gone for good. */
  readonly back: readonly string[];
}

/**
 * The fewest changes that make one table of another: what is equal in both is left alone, with its connections. What is new comes
 * first and what goes comes last, so that no service is without a real server in between that has one before and after.
 */
export function changeRules(from: Rules, to: Rules): RuleChange[] {
  const before = new Map(from.map((service) => [service.key, service]));
  const after = new Set(to.map(({ key }) => key));
  return [
    ...to.flatMap((service) => bring(before.get(service.key), service)),
    ...to.flatMap((service) => takeServers(before.get(service.key), service)),
    ...from.filter(({ key }) => !after.has(key)).map(takeService),
  ];
}

function bring(before: ServiceRules | undefined, { key, options, servers }: ServiceRules): RuleChange[] {
  const service =
    before === undefined
      ? [{ change: `-A ${key} ${options}`, back: [`-D ${key}`] }]
      : before.options === options
        ? []
        : [{ change: `-E ${key} ${options}`, back: [`-E ${key} ${before.options}`] }];
  const its = [...servers].flatMap(([end, rest]): RuleChange[] => {
    const had = before?.servers.get(end);
    const name = `${key} -r ${end}`;
    if (had === undefined) return [{ change: `-a ${name} ${rest}`, back: [`-d ${name}`] }];
    return had === rest ? [] : [{ change: `-e ${name} ${rest}`, back: [`-e ${name} ${had}`] }];
  });
  return [...service, ...its];
}

function takeServers(before: ServiceRules | undefined, { key, servers }: ServiceRules): RuleChange[] {
  return [...(before?.servers ?? [])]
    .filter(([end]) => !servers.has(end))
    .map(([end, rest]) => ({ change: `-d ${key} -r ${end}`, back: [`-a ${key} -r ${end} ${rest}`] }));
}

function takeService({ key, options, servers }: ServiceRules): RuleChange {
  const its = [...servers].map(([end, rest]) => `-a ${key} -r ${end} ${rest}`);
  return { change: `-D ${key}`, back: [`-A ${key} ${options}`, ...its] };
}

/**
 * sh that carries changes out, and sh that takes back those that were done, last first, in a step of apply/script.ts. The rest of
 * the table is not touched by either. The words of the rules were checked when they were read: none means anything to sh.
 */
export function changeScripts(changes: readonly RuleChange[]): { readonly sh: string; readonly undo: string } {
  const done = '"$work/$step.done"';
  const sh = changes.flatMap(({ change }, index) => [`ipvsadm ${change}`, `echo ${index + 1} >${done}`]);
  const undo = changes
    .map(({ back }, index) => [
      `if [ "$done" -ge ${index + 1} ]; then`,
      ...back.map((line) => `  ipvsadm ${line} || failed=1`),
      'fi',
    ])
    .reverse()
    .flat();
  return {
    sh: sh.join('\n'),
    undo: [`failed=\ndone=$(cat ${done} 2>/dev/null || echo 0)`, ...undo, '[ -z "$failed" ]'].join('\n'),
  };
}
