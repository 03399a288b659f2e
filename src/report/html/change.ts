import { changeWords, type ChangePart, type FailureRow, type StepRow } from '../change.ts';
import { markup, join, type Markup } from './markup.ts';
import { pill } from './pill.ts';
import { titled } from './section.ts';

/** What was planned and changed, stage by stage, with the diffs. */
export function changeSection(change: ChangePart): Markup {
  return titled(
    'changes',
    'Plan and changes',
    markup`<p class="lead">${change.summary}${change.stages.length > 0 && markup` ${changeWords(change)}.`}</p>
      ${change.failures.map(failurePart)}
      ${change.stages.map(
        ({ stage, groups }) =>
          markup`<div class="stage">
            <h3>${stage}</h3>
            ${groups.map(
              ({ hosts, steps }) =>
                markup`<div class="group">
                  <h4>${join(hosts, ', ')}</h4>
                  <ul class="steps">
                    ${steps.map(stepPart)}
                  </ul>
                </div>`,
            )}
          </div>`,
      )}`,
  );
}

const actions: Readonly<Record<StepRow['action'], string>> = {
  create: '+ create',
  update: '~ change',
  delete: '- remove',
  run: '> run',
};

function stepPart({ resource, action, summary, impact, diff }: StepRow): Markup {
  const line = markup`<span class="act ${action}">${actions[action]}</span> <code>${resource}</code> ${summary}
    ${impact === 'interrupt' && pill('bad', 'traffic can notice')}${impact === 'reload' && pill('plain', 'connections stay')}`;
  if (diff === '') return markup`<li>${line}</li>`;
  return markup`<li>
    <details>
      <summary>${line}</summary>
      <pre>${join(diff.trimEnd().split('\n').map(diffLine), '\n')}</pre>
    </details>
  </li>`;
}

function diffLine(line: string): Markup {
  if (line.startsWith('@@')) return markup`<span class="at">${line}</span>`;
  if (line.startsWith('+')) return markup`<span class="add">${line}</span>`;
  return line.startsWith('-') ? markup`<span class="del">${line}</span>` : markup`${line}`;
}

function failurePart({ host, stage, step, cause, output, undone, kept }: FailureRow): Markup {
  const row = (title: string, texts: readonly string[]): Markup | undefined =>
    texts.length === 0
      ? undefined
      : markup`<dt>${title}</dt>
          <dd>${texts.join('\n')}</dd>`;
  return markup`<div class="finding bad">
    <h3>${pill('bad', 'failed')} ${host}, stage ${stage}</h3>
    <dl class="rows">
      ${row('Step', [step].filter(Boolean))}${row('Cause', [cause])}${row('It said', output)}${row('Put back', undone)}${row('Stays changed', kept)}
    </dl>
  </div>`;
}
