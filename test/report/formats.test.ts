import { describe, expect, it } from 'vitest';
import { reportEnds, reportForm } from '../../src/report/formats.ts';
import { reportJunit } from '../../src/report/junit.ts';
import { reportMarkdown } from '../../src/report/markdown.ts';
import { drills, sample, soundDrills, spoil, step } from './sample.ts';

const hostile = ']]></failure>&"\'<b>|`_*@all [x](http://evil)\u0000\uffff\u202e';

describe('the form of a report', () => {
  it('is said by the end of its name', () => {
    expect(reportEnds.filter((end) => reportForm(`out${end.toUpperCase()}`) === undefined)).toEqual([]);
    expect(['out', 'out.pdf', '.html'].map(reportForm)).toEqual([undefined, undefined, undefined]);
  });

  it('as JSON is the document itself', async () => {
    const report = await sample({ drills });
    expect(JSON.parse(reportForm('x.json')?.(report) ?? '')).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

describe('JUnit', () => {
  it('fails what is critical, and skips what is not known or a warning', async () => {
    const report = await sample({ drills }, spoil);
    const findings =
      report.verification?.findings.map((one) =>
        one.check === 'requests' ? { ...one, severity: 'warning' as const } : one,
      ) ?? [];
    const text = reportJunit({ ...report, verification: { ...report.verification, findings } as never });
    expect(text).toMatch(/<testsuite name="verify" tests="\d+" failures="2" errors="0" skipped="1"/);
    expect(text).toContain(
      '<testcase classname="ipvs-table" name="lb1: the IPVS table is the one of the inventory"><failure message=',
    );
    expect(text).toContain('<skipped message="warning: expected: 30 answers');
    expect(text).toMatch(/<testsuite name="drills" tests="8" failures="3" errors="0" skipped="1"/);
  });

  it('of a sound run has no failure', async () => {
    expect(reportJunit(await sample({ drills: soundDrills }))).toMatch(
      /<testsuites name="lvsctl shop" tests="\d+" failures="0" skipped="0"/,
    );
  });

  it('is well-formed whatever a host said', async () => {
    const text = reportJunit(
      await sample({}, (world) => {
        world.steps.push({ host: 'web1', step: { ...step, summary: hostile } });
        return world;
      }),
    );
    expect(text.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/&|[^\n\P{Cc}]|\uffff|<b>/u);
    expect(
      text.replaceAll(/<\?xml[^>]*>|<\/?(testsuites?|testcase|failure|skipped)( [a-z]+="[^"<]*")*\/?>/g, ''),
    ).not.toMatch(/[<>]/);
  });
});

describe('Markdown', () => {
  it('says what does not hold and what to do, and draws the cluster', async () => {
    const text = reportMarkdown(await sample({ drills }, spoil));
    expect(text).toContain('# ❌ shop: A drill did not hold its bounds.');
    expect(text).toContain('```mermaid\nflowchart TD\n');
    expect(text).toContain('### ❌ ipvs\\-table: the IPVS table is the one of the inventory');
    expect(text).toContain('- to do: a real server that is missing fails its health check');
    expect(text).toContain('| ✅ longest gap of www from probe1 after the fault | 712 ms | at most 1.50 s |');
  });

  it('escapes what a host said', async () => {
    const text = reportMarkdown(
      await sample({}, (world) => {
        world.steps.push({ host: 'web1', step: { ...step, summary: hostile } });
        return world;
      }),
    );
    expect(text).toContain('\\]\\]\\>&lt;/failure');
    expect(text).not.toMatch(/<b>|(?<!\\)\[x\]|@all|http:\/\/evil|\u202e/);
  });
});
