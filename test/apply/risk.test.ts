import { expect, test } from 'vitest';
import { mayCutOff } from '../../src/apply/risk.ts';

test.each<[resource: string, may: boolean]>([
  ['address 10.77.0.100/32 on lo', true],
  ['sysctl net.ipv4.conf.all.arp_ignore', true],
  ['route default', true],
  ['firewall-opening vrrp', true],
  ['file /etc/keepalived/keepalived.conf', true],
  ['service keepalived.service', true],
  ['service keepalived', true],
  ['file /etc/nginx/conf.d/www.conf', false],
  ['service nginx.service', false],
  ['package keepalived', false],
  ['mount /var/www/shared', false],
])('%s could cut somebody off: %s', (resource, may) => {
  expect(mayCutOff({ resource })).toBe(may);
});
