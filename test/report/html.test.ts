import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkup, join, markup } from '../../src/report/html/markup.ts';
import { reportHtml } from '../../src/report/html/page.ts';
import { Secret } from '../../src/secret.ts';
import { drills, sample, spoil, step } from './sample.ts';

const hostile = '</script><script>alert(1)</script>"\'><img src=x onerror=alert(1)>\u202Eevil\u0007\u001b[31m';

describe('markup', () => {
  it('escapes texts, not markup, and leaves out what is not there', () => {
    const name = '<b>&"\'';
    expect(markup`<a title="${name}">${[markup`<i>${1}</i>`, undefined, false]}</a>`.text).toBe(
      '<a title="&lt;b&gt;&amp;&quot;&#39;"><i>1</i></a>',
    );
    expect(join(['a', '<'], ', ').text).toBe('a, &lt;');
  });

  it('leaves nothing in a text that a browser might act upon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/[\t\n]/.test(text));
        expect(escapeMarkup(text)).not.toMatch(/[<>"'\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });
});

describe('the HTML report', () => {
  it('has no text of a host as it came, wherever it stands', async () => {
    const report = await sample(
      {
        drills: {
          ...drills,
          drills: drills.drills.map((one) => ({
            ...one,
            title: hostile,
            reasons: [hostile],
            marks: one.marks.map((mark) => ({ ...mark, host: hostile, text: hostile })),
            measures: one.measures.map((its) => ({ ...its, text: hostile, because: hostile })),
            streams: one.streams.map((its) => ({ ...its, from: hostile, service: hostile })),
          })),
        },
      },
      (world) => {
        spoil(world);
        world.steps.push({
          host: 'web1',
          step: { ...step, resource: `file ${hostile}`, summary: hostile, diff: `+${hostile}` },
        });
        const one = world.observations.get('web1');
        if (one)
          world.observations.set('web1', {
            ...one,
            facts: { ...one.facts, kernel: hostile, system: { id: hostile, like: [], version: hostile } },
          });
        return world;
      },
    );
    const page = reportHtml(report);
    expect(page).not.toMatch(/<script|<img/i);
    expect(page).not.toMatch(/[\p{Bidi_Control}]|(?![\n])\p{Cc}/u);
    expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
    expect(page).toContain('\\u{202e}evil\\x07\\x1b[31m');
  });

  it('names nothing that would have to be fetched, and lets nothing run', async () => {
    const page = reportHtml(await sample({ drills }));
    expect(page).not.toMatch(/\b(src|href|action|data)="(?!#)/);
    expect(page).not.toMatch(/url\(|@import|\bon[a-z]+=|style="/);
    expect(page).toContain("default-src 'none'");
  });

  it('has no secret', async () => {
    const secret = new Secret('hunter2-hunter2', 'a test');
    const page = reportHtml(
      await sample({}, (world) => {
        world.steps.push({ host: 'web1', step: { ...step, summary: `auth_pass ${secret.reveal()}` } });
        return world;
      }),
    );
    expect(page).toContain('auth_pass ********');
    expect(page).not.toContain(secret.reveal());
  });

  it('opens what failed, first, and says what to do', async () => {
    const page = reportHtml(await sample({}, spoil));
    const order = [...page.matchAll(/id="check-([a-z-]+)"( open)?/g)].map(
      ([, name, open]) => `${name ?? ''}${open ?? ''}`,
    );
    expect(order.slice(0, 4)).toEqual(['as-planned open', 'ipvs-table open', 'requests open', 'services-active']);
    expect(page).toContain('What to do');
    expect(page).toContain('The cluster does not hold.');
  });

  it('says of each drill what was measured and what was allowed', async () => {
    const page = reportHtml(await sample({ drills }));
    for (const text of [
      '712 ms',
      'at most 1.50 s',
      'not within the time',
      'redundancy is not whole',
      'within bounds',
      'out of bounds',
    ])
      expect(page).toContain(text);
  });
});
