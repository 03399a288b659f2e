import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nfsExport, type ExportResource } from '../../src/resources/export.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';

const wish = (client = '10.77.0.13', ...options: string[]): ExportResource => ({
  kind: 'export',
  path: '/srv/www',
  client,
  options: options.length > 0 ? options : ['rw', 'sync', 'no_root_squash'],
});

const line =
  '/srv/www\t10.77.0.13(rw,sync,wdelay,hide,nocrossmnt,secure,no_root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys,rw,secure,no_root_squash,no_all_squash)';

test.each([
  ['in force', line, 'rw', []],
  ['with an option that is not in force', line, 'insecure', ['option insecure is not in force']],
  ['read-only though it should not be', line.replaceAll('rw', 'ro'), 'rw', ['option rw is not in force']],
  ['an option that only begins the same', line, 'no_subtree', ['option no_subtree is not in force']],
  ['for another client', line.replace('.13', '.130'), 'rw', ['rw']],
  ['of another folder', line.replace('/srv/www', '/srv/www2'), 'rw', ['rw']],
  ['of no folder at all', '', 'rw', ['rw']],
])('an export %s', (_what, etab, option, summaries) => {
  const one = wish('10.77.0.13', option);
  const state = nfsExport.read(`${etab}\n`, [one]).get(nfsExport.name(one));
  const steps = nfsExport.change(one, state, { platform: {} as never, changed: () => false });
  expect(steps.map(({ summary }) => summary)).toEqual(summaries);
});

test('a client with an IPv6 address is found', () => {
  const one = wish('fd00::13');
  expect(nfsExport.read('/srv/www\tfd00::13(rw,sync)\n', [one]).get(nfsExport.name(one))).toEqual(['rw', 'sync']);
});

describe('on a host', () => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
  });
  beforeEach(() => {
    box.must(
      'rm -rf /var/lib/nfs; mkdir -p /etc/exports.d; echo "/srv/www 10.77.0.13(rw,sync,no_root_squash)" >/etc/exports.d/x.exports',
    );
  });
  afterAll(() => box.close());

  test.each(shells)('in %s, the table is refreshed once an export is missing', async (shell) => {
    const steps = await box.steps([wish()], shell);
    expect(steps).toMatchObject([{ action: 'create', summary: 'rw,sync,no_root_squash' }]);
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps([wish()], shell)).toEqual([]);
  });
});
