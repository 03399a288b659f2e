import type { DrillResult } from '../drill/result.ts';
import { manualOf } from '../verify/manual.ts';
import { printableLine } from '../ssh/printable.ts';
import { changeWords, type ChangePart } from './change.ts';
import type { ReportDocument } from './document.ts';
import { bound, measured, statusWords, streamWords } from './drill-words.ts';
import { alike, type FindingsDocument, type GradedFinding } from './findings.ts';
import { when } from './html/summary.ts';
import { pictureMermaid } from './picture/mermaid.ts';

/** A report as Markdown of GitHub's kind, for a pull request or a ticket: what does not hold in full, what holds as a count. */
export function reportMarkdown(report: ReportDocument): string {
  const { cluster, command, ok, verdict, since, by, seconds, picture, change, verification, drills, hosts, lvsctl } =
    report;
  return [
    `# ${ok ? '✅' : '❌'} ${text(cluster)}: ${text(verdict)}`,
    '',
    `\`lvsctl ${command}\`, ${when(since)}, by ${text(by)}, ${seconds.toFixed(1)} s`,
    '',
    '```mermaid',
    `${pictureMermaid(picture)}\`\`\``,
    '',
    ...(drills ? ['## Drills', '', ...drills.drills.flatMap(drillPart)] : []),
    ...(verification ? findingsPart(verification) : []),
    ...(change ? changePart(change) : []),
    '## Hosts and versions',
    '',
    ...table(
      ['host', 'roles', 'system', 'kernel', 'packages'],
      hosts.map(({ name, roles, seen, system, kernel, packages }) => [
        name,
        roles.join(', '),
        ...(seen
          ? [
              system,
              kernel,
              Object.entries(packages)
                .map(([its, version]) => `${its} ${version}`)
                .join(', '),
            ]
          : ['not looked at', '', '']),
      ]),
    ),
    '',
    `lvsctl ${text(lvsctl)}, ${text(report.inventory.file)} (SHA-256 ${report.inventory.digest})`,
    '',
  ].join('\n');
}

function findingsPart({ findings }: FindingsDocument): string[] {
  const of = (status: GradedFinding['status']): GradedFinding[] => findings.filter((one) => one.status === status);
  const troubles = alike([...of('failed'), ...of('unknown')]);
  return [
    '## Checks',
    '',
    `${of('ok').length} of ${findings.length} hold, ${of('failed').length} do not, ${of('unknown').length} are not known.`,
    '',
    ...troubles.flatMap(({ finding: { check, status, severity, title, expected, seen, look }, places }) => [
      `### ${status === 'unknown' ? '❔' : severity === 'critical' ? '❌' : '⚠️'} ${text(check)}: ${text(title)}`,
      '',
      ...[
        ['expected', expected],
        ['seen', seen],
        ['where', places.join(', ')],
      ].map(([label = '', said = '']) => `- ${label}: ${text(said)}`),
      `- look: ${code(look)}`,
      ...(status === 'failed' ? [`- to do: ${manualOf(check)?.mend ?? 'see what was seen'}`] : []),
      '',
    ]),
  ];
}

function changePart(change: ChangePart): string[] {
  return [
    '## Changes',
    '',
    `${text(change.summary)} ${text(changeWords(change))}.`,
    '',
    ...change.failures.flatMap(({ host, stage, step, cause, output }) => [
      `### ❌ ${text(host)}, stage ${text(stage)}: ${text(cause)}`,
      '',
      ...(step === '' ? [] : [text(step), '']),
      ...(output.length === 0 ? [] : [fenced(output.join('\n')), '']),
    ]),
    ...table(
      ['stage', 'hosts', 'step'],
      change.stages.flatMap(({ stage, groups }) =>
        groups.flatMap(({ hosts, steps }) =>
          steps.map(({ resource, action, summary }) => [stage, hosts.join(', '), `${action} ${resource}: ${summary}`]),
        ),
      ),
    ),
    '',
  ];
}

function drillPart(drill: DrillResult): string[] {
  const { title, hosts, reasons, streams, measures, status } = drill;
  const sign = { passed: '✅', failed: '❌', refused: '❔', interrupted: '⚠️' }[status];
  return [
    `### ${sign} ${text(title)} (${text(hosts.join(', '))}): ${statusWords(drill)}`,
    '',
    ...[...reasons, ...streams.map(streamWords)].map((line) => `- ${text(line)}`),
    '',
    ...(measures.length === 0
      ? []
      : [
          ...table(
            ['what', 'measured', 'bound', 'because'],
            measures.map((one) => [`${one.ok ? '✅' : '❌'} ${one.text}`, measured(one), bound(one), one.because]),
          ),
          '',
        ]),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)];
}

/** A text without anything that Markdown or the HTML in it would act upon: every such character is escaped. */
function text(said: string): string {
  return (
    printableLine(said, 2000)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll(/[\\`*_{}[\]()#+!|~>$-]/g, '\\$&')
      // A name with @ would call somebody, and an address would become a link.
      .replaceAll('@', '@<!-- -->')
      .replaceAll('://', ':<!-- -->//')
  );
}

/** A command between as many backquotes as it needs, CommonMark 6.1. */
function code(said: string): string {
  const line = printableLine(said, 2000);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const quotes = '`'.repeat(longest + 1);
  return `${quotes} ${line} ${quotes}`;
}

function fenced(said: string): string {
  const longest = Math.max(2, ...(said.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${said}\n${fence}`;
}
