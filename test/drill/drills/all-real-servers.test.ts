import { expect, test } from 'vitest';
import { allRealServers } from '../../../src/drill/drills/all-real-servers.ts';
import type { Expectation } from '../../../src/drill/drill.ts';
import type { NginxSite } from '../../../src/inventory/cluster.ts';
import { makeService, makeShop, makeSite } from '../../support/cluster.ts';

const web = ['web1', 'web2'];
const sorry = (more: Partial<NginxSite> = {}) => makeSite(['web3'], { name: 'sorry', ...more });

/** What is expected where web3 is the sorry server, of a site or of something else. */
function expected(site: NginxSite | undefined, host: string | undefined = 'web3'): readonly Expectation[] {
  const service = makeService(web, { sorryServer: { host, address: '10.77.0.3', port: 80 } });
  const sites = [makeSite(web), ...(site ? [site] : [])];
  const setup = allRealServers.prepare({
    cluster: makeShop({ services: [service], sites }),
    observations: new Map(),
    means: new Map(),
    isLab: true,
    draining: () => [],
  });
  if (!setup.ok) throw new Error(setup.error);
  return setup.value.expectations;
}

test.each([
  ['a page for checks', sorry()],
  ['a line of text', sorry({ body: 'sorry', healthPath: undefined })],
])('the sorry server has to answer as soon as it stands in the table: %s', (_name, site) => {
  const answers = expected(site).filter(({ type }) => type === 'no-failure');
  expect(answers).toEqual([
    expect.objectContaining({ service: 'www', since: expect.objectContaining({ type: 'sorry' }) as object }),
  ]);
});

test.each([
  ['a site with another page for checks', sorry({ healthPath: '/alive' }), 'web3'],
  ['a site on another port', sorry({ port: 8080 }), 'web3'],
  ['not a site of lvsctl', undefined, 'web3'],
  ['another machine', undefined, undefined],
])('what the sorry server says is its own affair where it is %s', (_name, site, host) => {
  expect(expected(site, host).map(({ type }) => type)).toEqual(['state', 'state', 'state']);
});

test('it is refused where there is no sorry server', () => {
  const prepared = allRealServers.prepare({
    cluster: makeShop(),
    observations: new Map(),
    means: new Map(),
    isLab: true,
    draining: () => [],
  });
  expect(prepared).toEqual({ ok: false, error: 'no service has a sorry server' });
});
