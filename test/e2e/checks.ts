import { expect, test } from 'vitest';
import type { World } from './support.ts';

/** Shuts and opens a server of checks/answers.py. */
const server = (name: string): [string, string] => [`touch /run/answers/${name}`, `rm /run/answers/${name}`];

/** Changes a page of nginx and puts it back. */
const page = (site: string, change: string): [string, string] => {
  const file = `/etc/nginx/conf.d/${site}.conf`;
  return [
    `cp -a ${file} /root/ && sed -i '${change}' ${file} && systemctl reload nginx`,
    `cp -a /root/${site}.conf ${file} && systemctl reload nginx`,
  ];
};

/** A kind of check, the service it is for, and how a real server is made to fail it and to pass it again. */
const kinds: readonly [kind: string, service: string, host: string, breakIt: string, mendIt: string][] = [
  ['TCP_CHECK', '10.77.0.104:7000', 'web1', ...server('connect')],
  ['HTTP_GET with a status and a regex', '10.77.0.104:80', 'web1', ...page('page', 's/Welcome/Error/')],
  ['HTTP_GET with a digest', '10.77.0.104:8080', 'web1', ...page('exact', 's/same/other/')],
  ['SSL_GET', '10.77.0.104:443', 'web1', ...page('secure', 's/return 200/return 500/')],
  ['SMTP_CHECK', '10.77.0.104:25', 'web1', ...server('mail')],
  ['DNS_CHECK', '10.77.0.104:53', 'web1', ...server('names')],
  ['UDP_CHECK', '10.77.0.104:7007', 'web1', ...server('echo')],
  [
    'PING_CHECK',
    '10.77.0.104:8001',
    'web1',
    'sysctl -qw net.ipv4.icmp_echo_ignore_all=1',
    'sysctl -qw net.ipv4.icmp_echo_ignore_all=0',
  ],
  ['FILE_CHECK', '10.77.0.104:8002', 'lb1', 'echo 1 >/etc/lb/web1.out', 'echo 0 >/etc/lb/web1.out'],
  ['MISC_CHECK', '10.77.0.104:8003', 'web1', ...server('script')],
];

/** The tests of every kind of health check, where inventories/checks.yaml is deployed; all is as before at their end. */
export function testChecks(world: () => World): void {
  test.each(kinds)('%s takes a real server out and returns it', async (_kind, service, host, breakIt, mendIt) => {
    const servers = `ipvsadm -Ln | sed -n '/ ${service} /,/^[TU]/p'`;
    await world().on(host, breakIt);
    await world().eventually('lb1', `! ${servers} | grep -q ' 10.77.0.13:'`);
    expect(await world().on('lb1', servers)).toContain(' 10.77.0.14:');
    await world().on(host, mendIt);
    await world().eventually('lb1', `${servers} | grep -q ' 10.77.0.13:'`);
  });

  test('the exit code of a script is the weight', async () => {
    await world().eventually('lb1', "ipvsadm -Ln | grep -q -E ' 10.77.0.13:8003 +Route +10 '");
    const weight = (was: number, is: number): string =>
      `sed -i 's/weight ${was}/weight ${is}/' /usr/local/lib/answers/answers.py && systemctl restart answers`;
    await world().on('web1', weight(10, 3));
    await world().eventually('lb1', "ipvsadm -Ln | grep -q -E ' 10.77.0.13:8003 +Route +3 '");
    await world().on('web1', weight(3, 10));
  });
}
