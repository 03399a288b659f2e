import { describe, expect, it } from 'vitest';
import { findingsDocument, findingsText } from '../../src/report/findings.ts';
import { Secret } from '../../src/secret.ts';
import { plain, type Style } from '../../src/ui/style.ts';
import type { Finding } from '../../src/verify/check.ts';
import type { VerifyReport } from '../../src/verify/verify.ts';

const finding = (where: string, status: Finding['status'], more: Partial<Finding> = {}): Finding => ({
  check: 'ipvs-table',
  where,
  status,
  title: 'the IPVS table is the one of the inventory',
  expected: 'services: 1',
  seen: status === 'ok' ? 'services: 1' : '- www missing\n+ ssh is not in the inventory',
  look: 'ipvsadm -Ln',
  ...more,
});

const report = (findings: readonly Finding[], more: Partial<VerifyReport> = {}): VerifyReport => ({
  cluster: 'shop',
  ok: findings.every(({ status }) => status !== 'failed'),
  findings,
  hosts: ['lb1', 'lb2'],
  vantage: ['operator'],
  seconds: 1.23456,
  attempts: 1,
  interrupted: false,
  sight: { hosts: [], vips: [], pools: [] },
  ...more,
});

describe('findingsText', () => {
  it('says in a line what holds', () => {
    expect(findingsText(report([finding('lb1', 'ok'), finding('lb2', 'ok')]), plain)).toEqual([
      '',
      '✔ ipvs-table  2 of 2 hold',
      '',
      'Verified. shop: 2 of 2 hold (1.2 s).',
    ]);
  });

  it('says in full what failed, once for all places, and in a line what is not known', () => {
    const requests = { check: 'requests', title: 'www answers', seen: 'neither curl nor bash' };
    const findings = [
      finding('lb1', 'failed'),
      finding('lb2', 'failed'),
      finding('lb3', 'ok'),
      finding('probe1', 'unknown', requests),
    ];
    expect(findingsText(report(findings), plain)).toMatchInlineSnapshot(`
      [
        "",
        "✖ ipvs-table  1 of 3 hold",
        "    ✖ the IPVS table is the one of the inventory",
        "        expected  services: 1",
        "        seen      - www missing",
        "                  + ssh is not in the inventory",
        "        where     lb1, lb2",
        "        look      ipvsadm -Ln",
        "        to do     a real server that is missing fails its health check: look at it first. Else \`lvsctl ipvs diff\`, and \`systemctl restart keepalived\` on a director without VIPs, since a reload does not put back what was cleared by hand",
        "? requests    0 of 1 hold, 1 unknown",
        "    ? probe1: www answers: neither curl nor bash",
        "",
        "Not verified. shop: 1 of 4 hold, 2 failed, 1 unknown (1.2 s).",
      ]
    `);
  });

  it('shows everything when asked', () => {
    const text = findingsText(report([finding('lb1', 'ok'), finding('lb2', 'unknown')]), plain, { verbose: true }).join(
      '\n',
    );
    expect(text).toContain('✔ lb1: the IPVS table');
    expect(text).toContain('expected  services: 1');
  });

  it('colours by what it means', () => {
    const style: Style = (tone, text) => `<${tone}>${text}</${tone}>`;
    const text = findingsText(report([finding('lb1', 'failed')]), style).join('\n');
    expect(text).toContain('<bad>✖</bad> ipvs-table');
    expect(text).toContain('<bad>Not verified.</bad>');
  });

  it('says that it was interrupted', () => {
    const text = findingsText(report([finding('lb1', 'ok')], { ok: false, interrupted: true }), plain);
    expect(text.at(-1)).toBe('Interrupted. shop: 1 of 1 hold (1.2 s).');
  });

  it('shows no secret, and nothing that a terminal obeys', () => {
    new Secret('hunter2-hunter2', 'a test');
    const hostile = finding('lb1', 'failed', { seen: '\u001b]0;x\u0007 hunter2-hunter2 \u202e', where: 'lb\u001b[1m' });
    for (const text of [
      findingsText(report([hostile]), plain).join('\n'),
      JSON.stringify(findingsDocument(report([hostile])), undefined, 1),
    ]) {
      expect(text).not.toContain('hunter2');
      expect(text).toContain('********');
      // eslint-disable-next-line no-control-regex -- that is what must not be in it
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|\\u001b|\\u202e/);
    }
  });
});

describe('findingsDocument', () => {
  it('is stable', () => {
    expect(findingsDocument(report([finding('lb1', 'ok')]))).toEqual({
      format: 'lvsctl verification',
      version: 1,
      cluster: 'shop',
      ok: true,
      interrupted: false,
      seconds: 1.235,
      attempts: 1,
      hosts: ['lb1', 'lb2'],
      vantage: ['operator'],
      findings: [{ ...finding('lb1', 'ok'), severity: 'critical' }],
    });
  });
});
