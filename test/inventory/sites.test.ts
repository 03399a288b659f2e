import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base, cluster, problems } from './reading.ts';

const site = (rest: string) => `${base}nginx:\n  a: { hosts: [web1, web2], ${rest} }\n`;

describe('what a site serves', () => {
  test.each([
    ['port: 80', 'nothing to serve'],
    ['root: /a, body: hello', 'cannot both be served'],
    ['body: hello, include: x', 'no folder of templates'],
    ['proxy: { upstreams: [{ host: web3, backup: true }] }', 'all of them are backup'],
    ['proxy: { upstreams: [nas1, { host: web3, backup: true }], balance: ip-hash }', 'no backup servers with ip-hash'],
  ])('%s is refused', (rest, message) => {
    expect(problems(site(rest))).toMatchObject([{ message: expect.stringContaining(message) as unknown }]);
  });

  test('a proxy passes on to hosts, each once', () => {
    const { sites } = cluster(site("proxy: { upstreams: [nas1, 'web*', '!web1', '!web2'], port: 8080 }"));
    expect(sites[0]?.proxy?.upstreams.map(({ host, port }) => `${host}:${port}`)).toEqual(['nas1:8080', 'web3:8080']);
  });
});

describe('a certificate', () => {
  let folder: string;
  const files: Record<string, string> = {};
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvsctl-tls-'));
    for (const name of ['a', 'b']) {
      const [key, crt] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
      execFileSync('openssl', [...request, '-subj', `/CN=${name}`, '-keyout', key, '-out', crt], { stdio: 'ignore' });
      files[`/inv/${name}.key`] = readFileSync(key, 'utf8');
      files[`/inv/${name}.crt`] = readFileSync(crt, 'utf8');
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const tls = (certificate: string, key: string) => site(`body: hi, tls: { certificate: ${certificate}, key: ${key} }`);

  test('goes with its key, and the site listens on 443', () => {
    const [one] = cluster(tls('a.crt', 'a.key'), { files }).sites;
    expect(one).toMatchObject({ port: 443, tls: { certificate: files['/inv/a.crt'] } });
    expect(one?.tls?.key.reveal()).toBe(files['/inv/a.key']);
    expect(JSON.stringify(one?.tls)).not.toContain('PRIVATE KEY');
  });

  test.each([
    ['a.crt', 'b.key', 'not the key of the certificate'],
    ['a.key', 'a.key', 'no certificate'],
    ['a.crt', 'b.crt', 'no private key'],
    ['a.crt', 'c.key', 'cannot be read'],
  ])('%s with %s is refused', (certificate, key, message) => {
    expect(problems(tls(certificate, key), { files })).toMatchObject([
      { message: expect.stringContaining(message) as unknown },
    ]);
  });
});
