import { describe, expect, test } from 'vitest';
import { conversion } from '../../src/lab/image/conversion.ts';
import { cacheKey, recipe } from '../../src/lab/image/recipe.ts';
import { planRpms, type Deb } from '../../src/lab/image/rpm-plan.ts';
import { rpmSpec } from '../../src/lab/image/rpm-spec.ts';
import { platforms } from '../../src/platform/index.ts';

const deb = (name: string, depends = '', version = '1:2.6.2-4+deb12u1'): Deb => ({
  file: `${name}.deb`,
  name,
  version,
  depends,
});

describe('the plan of a conversion', () => {
  test('packages come together under one name, and what they depend on becomes packages of its own', () => {
    const plan = planRpms(
      [
        { name: 'nfs-utils', debs: ['nfs-common', 'nfs-kernel-server'] },
        { name: 'rpcbind', debs: ['rpcbind'] },
      ],
      [
        deb('nfs-common', 'libc6 (>= 2.34), libevent:any (>= 2) | libev, debconf | missing, rpcbind'),
        deb('nfs-kernel-server', 'nfs-common (= 1:2.6.2), libevent'),
        deb('rpcbind'),
        deb('libevent', ', libssl3', '2.1.12-stable-8'),
        deb('libssl3'),
        deb('apache2'),
      ],
    );
    expect(plan.map(({ name, files, requires, version }) => [name, version, files.join(' '), requires])).toEqual([
      ['nfs-utils', '2.6.2', 'nfs-common.deb nfs-kernel-server.deb', ['libevent', 'rpcbind']],
      ['rpcbind', '2.6.2', 'rpcbind.deb', []],
      ['libevent', '2.1.12.stable', 'libevent.deb', ['libssl3']],
      ['libssl3', '2.6.2', 'libssl3.deb', []],
    ]);
  });

  test('the first alternative that can be had is taken', () => {
    const [one] = planRpms([{ name: 'a', debs: ['a'] }], [deb('a', 'x | y | z'), deb('y'), deb('z')]);
    expect(one?.requires).toEqual(['y']);
  });

  test('packages that depend on each other are planned once', () => {
    const plan = planRpms([{ name: 'a', debs: ['a'] }], [deb('a', 'b'), deb('b', 'c'), deb('c', 'b, a')]);
    expect(plan.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('a package that is not there is named', () => {
    expect(() => planRpms([{ name: 'nginx', debs: ['nginx-common'] }], [])).toThrow(
      'package nginx is made of nginx-common, which the Debian image does not offer',
    );
  });
});

describe('the spec file', () => {
  const [plain, service] = planRpms(
    [
      { name: 'socat', debs: ['socat'], requires: ['iproute'] },
      {
        name: 'nginx',
        debs: ['nginx'],
        user: { name: 'nginx', home: '/var/lib/nginx' },
        units: ['nginx.service'],
        post: 'chown nginx: /var/lib/nginx',
      },
    ],
    [deb('socat', '', '1.7.4.4-2'), deb('nginx', '', '1.22.1-9')],
  );
  if (plain === undefined || service === undefined) throw new Error('nothing is planned');
  /** The part of one package. */
  const part = (name: string): string => {
    const text = rpmSpec([plain, service], ['bash', 'almalinux-release']);
    return /%package -n NAME\n[^]*?\n\n/.exec(text.replaceAll(`-n ${name}\n`, '-n NAME\n'))?.[0] ?? '';
  };

  test('a package without a service is files and their libraries', () => {
    expect(part('socat')).toContain('Version: 1.7.4.4\nAutoReqProv: no\nRequires: iproute\n');
    expect(part('socat')).toContain('-f /build/files/socat');
    expect(part('socat')).not.toContain('%pre');
  });

  test('a service comes with its account, is enabled by preset alone, never started, and ends with its package', () => {
    const text = part('nginx');
    expect(text).toContain('useradd -r -g nginx -d /var/lib/nginx');
    expect(text).toMatch(/%post -n NAME\nchown nginx: .*\nsystemctl daemon-reload/);
    expect(text).toContain('systemctl --no-reload preset nginx.service');
    expect(text).toContain('if [ "$1" = 0 ]; then systemctl --no-reload disable --now nginx.service');
    expect(text).not.toMatch(/systemctl (re)?start/);
  });

  test('what every host has is a name, and scripts find their shell', () => {
    expect(part('bash')).toContain('Provides: /bin/sh');
    expect(part('almalinux-release')).toContain('Provides: system-release(releasever) = 9');
  });

  test('every package puts its files into the one build root', () => {
    const text = rpmSpec([plain, service], []);
    expect(text).toContain(
      '%install\ncp -a /build/roots/socat/. %{buildroot}\ncp -a /build/roots/nginx/. %{buildroot}\n',
    );
  });
});

describe('the conversion in use', () => {
  const made = conversion();

  test('has a key of its own, and of everything it and its base are made of', () => {
    const keys = [
      cacheKey(made),
      cacheKey(recipe('bookworm')),
      cacheKey({ ...made, baseKey: 'another' }),
      cacheKey({ ...made, files: { ...made.files, 'rpms.sh': '' } }),
      cacheKey({ ...made, rpms: [] }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(cacheKey(conversion())).toBe(cacheKey(made));
    expect(Object.keys(made.files)).toContain('guest/usr/lib/os-release');
  });

  test('offers whatever the roles install on the family', () => {
    const { packages } = platforms.rhel;
    const wished = [
      ...[...packages.base, ...packages.director, ...packages.nginx, ...packages.haproxy],
      ...[...packages.nfsServer, ...packages.nfsClient, ...packages.marking.nftables, ...packages.marking.tc],
    ];
    const offered = new Set([...made.present, ...made.rpms.map(({ name }) => name)]);
    expect(wished.filter((name) => !offered.has(name))).toEqual([]);
  });

  test('lays files over packages that it makes, and over no others', () => {
    const laid = Object.keys(made.files).flatMap((path) => /^packages\/([^/]+)\//.exec(path)?.[1] ?? []);
    expect([...new Set(laid)].filter((name) => !made.rpms.some((one) => one.name === name))).toEqual([]);
  });
});
