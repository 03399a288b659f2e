import type { Measure } from '../drill/result.ts';
import type { ReportDocument } from './document.ts';
import { bound, measured } from './drill-words.ts';
import type { GradedFinding } from './findings.ts';
import { join, markup, type Markup } from './html/markup.ts';

/** What a test runner tells of a test. */
interface Case {
  readonly group: string;
  readonly name: string;
  /** Undefined: it passed. */
  readonly trouble: { readonly kind: 'failure' | 'skipped'; readonly title: string; readonly text: string } | undefined;
}

/**
 * A report as JUnit XML, which CI systems show: a suite for the changes, for the verification and for the drills. Findings that are
 * not known, warnings and drills that were refused count as skipped: they fail no pipeline.
 */
export function reportJunit(report: ReportDocument): string {
  const { cluster, since, seconds, change, verification, drills } = report;
  const suites: [string, Case[]][] = [
    ...(change ? ([['changes', changeCases(change.failures, change.notBegun)]] satisfies [string, Case[]][]) : []),
    ...(verification ? ([['verify', verification.findings.map(findingCase)]] satisfies [string, Case[]][]) : []),
    ...(drills ? ([['drills', drills.drills.flatMap(drillCases)]] satisfies [string, Case[]][]) : []),
  ];
  const all = suites.flatMap(([, cases]) => cases);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="lvsctl ${cluster}" tests="${all.length}" failures="${number(all, 'failure')}" skipped="${number(all, 'skipped')}" time="${seconds.toFixed(3)}">
${suites.map(([name, cases]) => suite(name, cases, since.slice(0, 19)))}</testsuites>
`.text;
}

function number(cases: readonly Case[], kind: 'failure' | 'skipped'): number {
  return cases.filter(({ trouble }) => trouble?.kind === kind).length;
}

function suite(name: string, cases: readonly Case[], timestamp: string): Markup {
  return markup`  <testsuite name="${name}" tests="${cases.length}" failures="${number(cases, 'failure')}" errors="0" skipped="${number(cases, 'skipped')}" timestamp="${timestamp}">
${join(cases.map(casePart), '')}  </testsuite>
`;
}

function casePart({ group, name, trouble }: Case): Markup {
  if (trouble === undefined) return markup`    <testcase classname="${group}" name="${name}"/>\n`;
  const { kind, title, text } = trouble;
  const inner =
    kind === 'failure'
      ? markup`<failure message="${title}">${text}</failure>`
      : markup`<skipped message="${`${title}: ${text}`}"/>`;
  return markup`    <testcase classname="${group}" name="${name}">${inner}</testcase>\n`;
}

function changeCases(failures: NonNullable<ReportDocument['change']>['failures'], notBegun: readonly string[]): Case[] {
  const failed = failures.map(({ host, stage, step, cause, output }): Case => ({
    group: stage,
    name: `${host}: ${step === '' ? stage : step}`,
    trouble: { kind: 'failure', title: cause, text: output.join('\n') },
  }));
  const left = notBegun.map((name): Case => ({
    group: 'not begun',
    name,
    trouble: { kind: 'skipped', title: 'not begun', text: name },
  }));
  const fine: Case[] =
    failed.length + left.length > 0 ? [] : [{ group: 'apply', name: 'every step', trouble: undefined }];
  return [...failed, ...left, ...fine];
}

function findingCase({ check, where, status, title, expected, seen, look, severity }: GradedFinding): Case {
  const text = `expected: ${expected}\nseen: ${seen}\nlook: ${look}`;
  const kind = status === 'failed' && severity === 'critical' ? 'failure' : 'skipped';
  const short = status === 'unknown' ? 'unknown' : severity;
  return {
    group: check,
    name: `${where}: ${title}`,
    trouble: status === 'ok' ? undefined : { kind, title: kind === 'failure' ? title : short, text },
  };
}

function drillCases({
  name,
  title,
  status,
  reasons,
  measures,
}: NonNullable<ReportDocument['drills']>['drills'][number]): Case[] {
  const whole: Case = {
    group: name,
    name: title,
    trouble:
      status === 'passed'
        ? undefined
        : { kind: status === 'refused' ? 'skipped' : 'failure', title: status, text: reasons.join('\n') },
  };
  return [whole, ...measures.map((one) => measureCase(name, one))];
}

function measureCase(group: string, one: Measure): Case {
  const text = `measured: ${measured(one)}\nbound: ${bound(one)}\nbecause: ${one.because}`;
  return {
    group,
    name: one.text,
    trouble: one.ok ? undefined : { kind: 'failure', title: `${measured(one)}, bound ${bound(one)}`, text },
  };
}
