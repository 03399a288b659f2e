import type { ReportDocument } from '../document.ts';
import { duration, longestGap } from '../drill-words.ts';
import { markup, type Markup } from './markup.ts';
import type { Look } from './pill.ts';

/** The head of the page: the cluster, the verdict, who ran it and when. */
export function summaryPart({ cluster, command, ok, verdict, by, since, seconds, lvsctl }: ReportDocument): Markup {
  const facts = [
    ['When', when(since)],
    ['By', by],
    ['Took', `${seconds.toFixed(1)} s`],
    ['lvsctl', lvsctl],
  ];
  const sign = ok
    ? markup`<svg viewBox="0 0 24 24" aria-hidden="true">
        <path
          d="M4.5 12.5l5 5 10-11"
          fill="none"
          stroke="currentColor"
          stroke-width="3.2"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>`
    : markup`<svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M6 6l12 12M18 6L6 18" fill="none" stroke="currentColor" stroke-width="3.2" stroke-linecap="round" />
      </svg>`;
  return markup`<header class="hero${!ok && ' bad'}">
    <div class="inner">
      <p class="kicker">lvsctl ${command}</p>
      <h1>${cluster}</h1>
      <p class="verdict">${sign}${verdict}</p>
      <dl>
        ${facts.map(
          ([title, text]) =>
            markup`<div>
              <dt>${title}</dt>
              <dd>${text}</dd>
            </div>`,
        )}
      </dl>
    </div>
  </header>`;
}

/** `2026-11-21 13:24 UTC`. */
export function when(since: string): string {
  return `${since.slice(0, 10)} ${since.slice(11, 16)} UTC`;
}

/** The figures that matter, large. */
export function tilesPart({ verification, change, drills, hosts }: ReportDocument): Markup {
  const findings = verification?.findings ?? [];
  const failed = (severities: readonly string[]): number =>
    findings.filter(({ status, severity }) => status === 'failed' && severities.includes(severity)).length;
  const [held, critical, noted] = [
    findings.filter(({ status }) => status === 'ok').length,
    failed(['critical']),
    failed(['warning', 'info']),
  ];
  const unknown = findings.filter(({ status }) => status === 'unknown').length;
  const seen = hosts.filter((host) => host.seen).length;
  const gap = drills && longestGap(drills.drills);
  const passed = drills?.drills.filter(({ status }) => status === 'passed').length ?? 0;
  const tiles: [Look, string, string][] = [
    ...(drills
      ? ([[drills.ok ? 'good' : 'bad', `${passed} / ${drills.drills.length}`, 'drills within bounds']] satisfies [
          Look,
          string,
          string,
        ][])
      : []),
    ...(gap === undefined ? [] : ([['plain', duration(gap), 'longest gap']] satisfies [Look, string, string][])),
    ...(verification
      ? ([
          [critical > 0 ? 'plain' : 'good', `${held}`, 'findings hold'],
          [critical > 0 ? 'bad' : 'plain', `${critical}`, 'failed'],
          [noted > 0 ? 'warn' : 'plain', `${noted}`, noted === 1 ? 'warning' : 'warnings'],
          ['plain', `${unknown}`, 'not known'],
        ] satisfies [Look, string, string][])
      : []),
    ...(change
      ? ([['plain', `${change.done}`, change.done === 1 ? 'step done' : 'steps done']] satisfies [
          Look,
          string,
          string,
        ][])
      : []),
    [
      seen < hosts.length ? 'bad' : 'plain',
      seen < hosts.length ? `${seen} / ${hosts.length}` : `${seen}`,
      'hosts looked at',
    ],
  ];
  return markup`<ul class="tiles">
    ${tiles.map(([look, number, label]) => markup`<li class="tile ${look}"><span class="number">${number}</span> <span class="label">${label}</span></li>`)}
  </ul>`;
}
