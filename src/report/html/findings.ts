import { manualOf } from '../../verify/manual.ts';
import { alike, type FindingsDocument, type GradedFinding, type Shared } from '../findings.ts';
import { code } from './code.ts';
import { markup, join, type Markup } from './markup.ts';
import { pill, type Look } from './pill.ts';
import { titled } from './section.ts';

/** What was checked and found: what does not hold first, and open. */
export function findingsSection({ findings, vantage, attempts }: FindingsDocument): Markup {
  const groups = [...grouped(findings)].sort((a, b) => grave(b[1]) - grave(a[1]));
  return titled(
    'checks',
    'What was checked and found',
    markup`<p class="lead">
        Each check says why it matters, how to look yourself, and what to do when it does not hold. Requests were sent
        from ${join(vantage, ', ')}${attempts > 1 && markup`; it was looked ${attempts} times, and the last look counts`}.
      </p>
      ${groups.map(([name, its]) => checkPart(name, its))}`,
  );
}

/** How a finding looks: a warning is not as grave as what is critical. */
function lookOf({ status, severity }: GradedFinding): Look {
  if (status === 'ok') return 'good';
  if (status === 'unknown') return 'plain';
  return severity === 'critical' ? 'bad' : severity === 'warning' ? 'warn' : 'plain';
}

const graveness: Readonly<Record<Look, number>> = { good: 0, plain: 1, warn: 2, bad: 3 };

function grave(findings: readonly GradedFinding[]): number {
  return Math.max(...findings.map((one) => graveness[lookOf(one)]));
}

function grouped(findings: readonly GradedFinding[]): Map<string, GradedFinding[]> {
  const groups = new Map<string, GradedFinding[]>();
  for (const one of findings) groups.set(one.check, [...(groups.get(one.check) ?? []), one]);
  return groups;
}

/** A status in words, by how grave it is. */
function wordOf({ status, severity }: GradedFinding): string {
  if (status === 'ok') return 'holds';
  if (status === 'unknown') return 'unknown';
  return severity === 'critical' ? 'failed' : severity;
}

function checkPart(name: string, findings: readonly GradedFinding[]): Markup {
  const manual = manualOf(name);
  const [worst] = [...findings].sort((a, b) => graveness[lookOf(b)] - graveness[lookOf(a)]);
  const held = findings.filter(({ status }) => status === 'ok');
  const rest = findings.filter(({ status }) => status !== 'ok');
  const open = rest.some(({ status }) => status === 'failed');
  return markup`<details class="check" id="check-${name}"${open && markup` open`}>
    <summary>
      ${worst && pill(lookOf(worst), wordOf(worst))}<span class="name">${name}</span
      ><span class="why">${manual && code(manual.proves)}</span
      ><span class="count">${held.length} of ${findings.length}</span>
    </summary>
    <div class="body">
      ${
        manual &&
        markup`<dl class="guide rows">
          <dt>Why</dt>
          <dd>${manual.why}</dd>
          <dt>Runs</dt>
          <dd>${code(manual.runs)}</dd>
          <dt>Read it</dt>
          <dd>${code(manual.reads)}</dd>
          ${
            rest.length > 0 &&
            markup`<dt>What to do</dt>
              <dd>${code(manual.mend)}</dd>`
          }
        </dl>`
      }
      ${alike(rest).map(troublePart)}
      ${
        held.length > 0 &&
        markup`<ul class="held">
          ${alike(held).map(({ finding, places }) => markup`<li>${finding.title} <span class="where">(${join(places, ', ')}: ${finding.seen})</span></li>`)}
        </ul>`
      }
    </div>
  </details>`;
}

function troublePart({ finding, places }: Shared): Markup {
  const { title, expected, seen, look } = finding;
  return markup`<div class="finding ${lookOf(finding)}">
    <h3>${pill(lookOf(finding), wordOf(finding))} ${title}</h3>
    <dl class="rows">
      <dt>Expected</dt>
      <dd>${expected}</dd>
      <dt>Seen</dt>
      <dd>${seen}</dd>
      <dt>Where</dt>
      <dd>${join(places, ', ')}</dd>
      <dt>Look</dt>
      <dd><code>${look}</code></dd>
    </dl>
  </div>`;
}
