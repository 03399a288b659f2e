import { expect, test } from 'vitest';
import type { HealthCheck, HealthChecks } from '../../src/inventory/cluster.ts';
import { askingOf, statusesOf } from '../../src/verify/asking.ts';
import { httpCheck, makeService, makeWebCheck } from '../support/cluster.ts';

const ping: HealthCheck = { ...httpCheck, kind: { type: 'ping' } };
const elsewhere: HealthCheck = { ...httpCheck, port: 8080 };
const page: HealthCheck = {
  ...httpCheck,
  kind: makeWebCheck({ path: '/shop', status: [{ first: 204, last: 204 }] }),
};

test.each<[what: string, checks: HealthChecks, path: string | undefined, status: number | undefined]>([
  ['the page of its only check', [page], '/shop', 204],
  ['the first page that its clients see too', [ping, elsewhere, page, httpCheck], '/shop', 204],
  ['a connection where no page is one for its clients', [ping, elsewhere], undefined, undefined],
])('a service is asked for %s', (_what, checks, path, status) => {
  const service = makeService(['web1'], { checks });
  const asking = askingOf(service);
  expect(asking?.by === 'page' ? asking.path : undefined).toBe(path);
  expect(statusesOf(service)?.[0]?.first).toBe(status);
});

test('a real server with checks of its own is asked by those', () => {
  const service = makeService(['web1'], { checks: [httpCheck] });
  const [web1] = service.realServers;
  if (web1 === undefined) throw new Error('there is no web1');
  expect(askingOf(service, { ...web1, checks: [ping, page] })).toMatchObject({ by: 'page', path: '/shop' });
  expect(askingOf(service, { ...web1, checks: [ping] })).toEqual({ by: 'connection' });
});
