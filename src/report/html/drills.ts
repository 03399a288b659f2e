import type { DrillReport, DrillResult, Measure } from '../../drill/result.ts';
import { bound, duration, measured, statusWords, streamWords } from '../drill-words.ts';
import { bullet, marksOf, streamChart } from './chart.ts';
import { markup, join, type Markup } from './markup.ts';
import { pill, type Look } from './pill.ts';
import { titled } from './section.ts';

/** Each drill: what was broken, what users felt, and what the cluster promised. */
export function drillsSection({ drills }: DrillReport): Markup {
  return titled(
    'drills',
    'Drills',
    markup`<p class="lead">
        Something was broken on purpose while requests were sent. Each green line is a request that was answered, as
        high as it took long; red ones failed. The dashed frame is the gap that the timers of the inventory allow.
      </p>
      ${drills.map(drillPart)}`,
  );
}

const looks: Readonly<Record<DrillResult['status'], Look>> = {
  passed: 'good',
  failed: 'bad',
  refused: 'plain',
  interrupted: 'warn',
};

function drillPart(drill: DrillResult, index: number): Markup {
  const { name, title, hosts, status, reasons, duration: ms, measures, streams, restored } = drill;
  const facts = [
    name,
    ...(hosts.length > 0 ? [`on ${hosts.join(', ')}`] : []),
    ...(status === 'refused' ? [] : [duration(ms)]),
    ...(restored === undefined ? [] : [restored ? 'all is as before' : 'not all is as before']),
  ];
  const marks = marksOf(drill);
  return markup`<div class="drill">
    <h3>${pill(looks[status], statusWords(drill))} ${title}</h3>
    <p class="where">${join(facts, ' · ')}</p>
    ${reasons.map((reason) => markup`<p class="reason">${reason}</p>`)}
    ${streams.map(
      (stream, at) =>
        markup`<figure>
          <figcaption>${streamWords(stream)}</figcaption>
          <div class="wide">${streamChart(drill, stream, 1020, `drill-${index}-${at}-wide`)}</div>
          <div class="narrow">${streamChart(drill, stream, 420, `drill-${index}-${at}-narrow`)}</div>
        </figure>`,
    )}
    ${
      marks.length > 0 &&
      markup`<ol class="marks">
        ${marks.map(({ at, host, text }) => markup`<li><span class="mono">${duration(at)}</span> ${host !== undefined && markup`<b>${host}</b> `}${text}</li>`)}
      </ol>`
    }
    ${
      measures.length > 0 &&
      markup`<div class="scroll" tabindex="0" role="group" aria-label="What was measured: ${title}">
        <table class="measures">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Measured</th>
              <th scope="col">Bound</th>
              <th scope="col"><span class="hidden">As a bar</span></th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            ${measures.map(measurePart)}
          </tbody>
        </table>
      </div>`
    }
  </div>`;
}

function measurePart(one: Measure): Markup {
  return markup`<tr>
    <th scope="row">${one.text}<br /><span class="where">${one.because}</span></th>
    <td class="number">${measured(one)}</td>
    <td class="number">${bound(one)}</td>
    <td>${bullet(one)}</td>
    <td>${pill(one.ok ? 'good' : 'bad', one.ok ? 'held' : 'missed')}</td>
  </tr>`;
}
