import { redact } from '../secret.ts';
import { printable } from '../ssh/printable.ts';
import type { Style } from '../ui/style.ts';
import type { Finding, Severity } from '../verify/check.ts';
import { manualOf } from '../verify/manual.ts';
import type { VerifyReport } from '../verify/verify.ts';

/** A finding that says itself how grave it is. */
export interface GradedFinding extends Finding {
  readonly severity: Severity;
}

/** The JSON form of a verification. Members are added, never renamed or removed, within a version. */
export interface FindingsDocument {
  readonly format: 'lvsctl verification';
  readonly version: 1;
  readonly cluster: string;
  readonly ok: boolean;
  readonly interrupted: boolean;
  readonly seconds: number;
  readonly attempts: number;
  readonly hosts: readonly string[];
  readonly vantage: readonly string[];
  readonly findings: readonly GradedFinding[];
}

/** See {@link FindingsDocument}. What hosts said is in it as printable text, secrets masked. */
export function findingsDocument(report: VerifyReport): FindingsDocument {
  const { cluster, ok, interrupted, seconds, attempts, hosts, vantage, findings } = report;
  const rounded = Math.round(seconds * 1000) / 1000;
  return {
    format: 'lvsctl verification',
    version: 1,
    ...{ cluster, ok, interrupted, seconds: rounded, attempts, hosts, vantage },
    findings: findings.map(safe),
  };
}

/**
 * A verification as text: a line a check, and in detail what failed or could not be looked at. `verbose` adds what holds.
 */
export function findingsText(report: VerifyReport, style: Style, { verbose = false } = {}): string[] {
  const byCheck = new Map<string, GradedFinding[]>();
  for (const finding of report.findings.map(safe)) {
    const group = byCheck.get(finding.check);
    if (group) group.push(finding);
    else byCheck.set(finding.check, [finding]);
  }
  const width = Math.max(0, ...[...byCheck.keys()].map((name) => name.length));
  return [
    '',
    ...[...byCheck].flatMap(([name, findings]) => checkText(name.padEnd(width), findings, style, verbose)),
    '',
    verdict(report, style),
  ];
}

/** What a line begins with: `noted` is what failed and is not critical. */
type Standing = Finding['status'] | 'noted';

const signs: Readonly<Record<Standing, string>> = { ok: '✔', failed: '✖', noted: '!', unknown: '?' };
const tones = { ok: 'good', failed: 'bad', noted: 'warn', unknown: 'warn' } as const;

function standing({ status, severity }: GradedFinding): Standing {
  return status === 'failed' && severity !== 'critical' ? 'noted' : status;
}

/** The gravest first. */
const grave: readonly Standing[] = ['failed', 'noted', 'unknown', 'ok'];

function checkText(name: string, findings: readonly GradedFinding[], style: Style, verbose: boolean): string[] {
  const of = (which: Standing): GradedFinding[] => findings.filter((finding) => standing(finding) === which);
  const worst = grave.find((one) => of(one).length > 0) ?? 'ok';
  const unknown = of('unknown').length === 0 ? '' : `, ${of('unknown').length} unknown`;
  return [
    `${style(tones[worst], signs[worst])} ${name}  ${style('dim', `${of('ok').length} of ${findings.length} hold${unknown}`)}`,
    ...alike([...of('failed'), ...of('noted')]).flatMap((one) => detailText(one, style)),
    ...alike(of('unknown')).flatMap((one) => (verbose ? detailText(one, style) : [briefText(one, style)])),
    ...(verbose ? alike(of('ok')).map((one) => briefText(one, style)) : []),
  ];
}

/** A finding, and the places that it was made at. */
export interface Shared {
  readonly finding: GradedFinding;
  readonly places: readonly string[];
}

function detailText({ finding, places }: Shared, style: Style): string[] {
  const { check, title, expected, seen, look } = finding;
  const mend = manualOf(check)?.mend;
  const its = standing(finding);
  const rows = [
    ['expected', expected],
    ['seen', seen],
    ['where', places.join(', ')],
    ['look', look],
    ...(its === 'unknown' || mend === undefined ? [] : [['to do', mend] as const]),
  ] as const;
  return [
    `    ${style(tones[its], signs[its])} ${style('bold', title)}`,
    ...rows.flatMap(([label, text]) =>
      text.split('\n').map((line, at) => `        ${style('dim', (at === 0 ? label : '').padEnd(10))}${line}`),
    ),
  ];
}

function briefText({ finding, places }: Shared, style: Style): string {
  const { title, seen } = finding;
  const its = standing(finding);
  return `    ${style(tones[its], signs[its])} ${places.join(', ')}: ${title}: ${seen.replaceAll('\n', '; ')}`;
}

/** Findings that say the same of several places become one. */
export function alike(findings: readonly GradedFinding[]): Shared[] {
  const groups = new Map<string, { finding: GradedFinding; places: string[] }>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.title, finding.expected, finding.seen, finding.look, finding.severity]);
    const group = groups.get(key);
    if (group) group.places.push(finding.where);
    else groups.set(key, { finding, places: [finding.where] });
  }
  return [...groups.values()];
}

function verdict({ ok, interrupted, findings, seconds, cluster }: VerifyReport, style: Style): string {
  const number = (which: Standing): number => findings.filter((finding) => standing(safe(finding)) === which).length;
  const noted = number('noted');
  if (ok && findings.length === 0) {
    return `Judged nothing. ${redact(printable(cluster))} has nothing that these checks look at (${seconds.toFixed(1)} s).`;
  }
  const counts = [
    `${number('ok')} of ${findings.length} hold`,
    ...(number('failed') > 0 ? [`${number('failed')} failed`] : []),
    ...(noted > 0 ? [`${noted} warning${noted === 1 ? '' : 's'}`] : []),
    ...(number('unknown') > 0 ? [`${number('unknown')} unknown`] : []),
  ].join(', ');
  const word = ok ? style('good', 'Verified.') : style('bad', interrupted ? 'Interrupted.' : 'Not verified.');
  return `${word} ${redact(printable(cluster))}: ${counts} (${seconds.toFixed(1)} s).`;
}

function safe(finding: Finding): GradedFinding {
  const clean = (text: string): string => redact(printable(text));
  return {
    check: finding.check,
    where: clean(finding.where),
    status: finding.status,
    title: clean(finding.title),
    expected: clean(finding.expected),
    seen: clean(finding.seen),
    look: clean(finding.look),
    severity: finding.severity ?? 'critical',
  };
}
