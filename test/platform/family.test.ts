import { expect, test } from 'vitest';
import { alpine } from '../../src/platform/alpine.ts';
import { familyOf, platforms } from '../../src/platform/index.ts';
import { olderSystemd } from '../../src/platform/systemd.ts';
import { service, type ServiceResource } from '../../src/resources/service.ts';

test.each<[id: string, like: string, family: string | undefined]>([
  ['debian', '', 'debian'],
  ['ubuntu', 'debian', 'debian'],
  ['linuxmint', 'ubuntu debian', 'debian'],
  ['rhel', 'fedora', 'rhel'],
  ['rocky', 'rhel centos fedora', 'rhel'],
  ['almalinux', 'rhel centos fedora', 'rhel'],
  ['centos', 'rhel fedora', 'rhel'],
  ['ol', 'fedora', 'rhel'],
  ['fedora', '', 'rhel'],
  ['opensuse-leap', 'suse opensuse', 'suse'],
  ['sles', 'suse', 'suse'],
  ['alpine', '', 'alpine'],
  ['arch', '', undefined],
  ['', '', undefined],
])('os-release %s, like "%s", is %s', (id, like, family) => {
  expect(familyOf({ id, like: like.split(' ').filter(Boolean) })).toBe(family);
});

test('every platform goes by its name', () => {
  for (const [name, platform] of Object.entries(platforms)) expect(platform.name).toBe(name);
});

test('the start of a service is known from the monotonic time that older systemd prints', () => {
  const nginx: ServiceResource = {
    kind: 'service',
    unit: 'nginx.service',
    reloadOn: [],
    restartOn: [],
    configuration: ['/etc/nginx/a', '/etc/nginx/b'],
  };
  const output = [
    'LoadState=loaded',
    'ActiveState=active',
    'UnitFileState=enabled',
    'ActiveEnterTimestampMonotonic=5000000',
    '',
    'booted 1700000000',
    'changed 1700000004 /etc/nginx/a',
    'changed 1700000006 /etc/nginx/b',
  ].join('\n');
  expect(service.read(output, [nginx]).get('nginx.service')).toEqual({
    loaded: true,
    active: 'active',
    enabled: true,
    owed: ['/etc/nginx/b'],
  });
  expect(olderSystemd.show(['a'])).not.toContain('--timestamp');
});

test('scripts of OpenRC are never asked of systemd', () => {
  const { services } = alpine;
  const all = [
    services.show(['a']),
    services.enable('a'),
    services.disable('a'),
    services.start('a', true),
    services.start('a', false),
    services.stop('a'),
    services.again('reload', 'a'),
    services.reread('start'),
  ];
  expect(all.join('\n')).not.toContain('systemctl');
  expect(services.own('x')).toMatchObject({ unit: 'x', path: '/etc/init.d/x', mode: '0755' });
});
