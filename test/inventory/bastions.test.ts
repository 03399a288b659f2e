import { expect, test } from 'vitest';
import { readCluster } from '../../src/inventory/read.ts';
import { err } from '../../src/result.ts';

function jumps(text: string): (string | undefined)[] {
  const around = { env: {}, readFile: () => err('none'), isFolder: () => true, answered: () => undefined };
  const read = readCluster(text, { file: '/inventory.yaml', digest: '' }, around);
  if (!read.ok) throw new Error(read.error.map(({ message }) => message).join('\n'));
  return read.value.hosts.map(({ ssh }) => ssh.proxyJump);
}

test('a bastion of the inventory is reached by its address and its own login', () => {
  const text = `
cluster: shop
hosts:
  door: { address: 10.0.0.1, ssh: { user: gate, port: 2222 } }
  inner: { address: 10.0.0.2, ssh: { proxyJump: "admin@outside,door" } }
`;
  expect(jumps(text)).toEqual([undefined, 'admin@outside,gate@10.0.0.1:2222']);
});

test('a bastion for all is not reached through itself', () => {
  const text = `
cluster: shop
ssh: { proxyJump: door }
hosts:
  door: { address: 2001:db8::1 }
  inner: { address: 10.0.0.2 }
`;
  expect(jumps(text)).toEqual([undefined, '[2001:db8::1]']);
});
