/** Many hosts with kernels of their own: two directors, a storage host and web servers, for lvsctl and for Ansible alike. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { shopInventory } from '../shop.ts';

const [vip, storage] = ['10.77.0.100', '10.77.0.13'];

/** Addresses of web servers, of which a lab has 100 at the most. */
const first = 101;

/** The inventory of lvsctl: the shop of inventories/dr.yaml with more web servers. `hosts` is how many there are in all, 4–103. */
export function lvsctlInventory(hosts: number): string {
  const web = hosts - 3;
  return shopInventory(
    [
      'lb[1:2]: { address: 10.77.0.[11:12] }',
      `nas1: { address: ${storage} }`,
      `web[1:${web}]: { address: 10.77.0.[${first}:${first + web - 1}] }`,
    ],
    vip,
  );
}

/** The playbook's own inventory with these hosts in place of its six; JSON, which is YAML. */
export function ansibleInventory(hosts: number): string {
  const own = fileURLToPath(new URL('../ansible/inventory.yaml', import.meta.url));
  const { all } = parse(readFileSync(own, 'utf8')) as { all: { vars: Record<string, string> } };
  const at = (address: string, more: object = {}): object => ({ ansible_host: address, ...more });
  const servers = Array.from({ length: hosts - 3 }, (_, index) => [`r${index + 1}`, at(`10.77.0.${first + index}`)]);
  const children = {
    directors: { hosts: { d1: at('10.77.0.11', { priority: 150 }), d2: at('10.77.0.12', { priority: 100 }) } },
    realservers: { hosts: Object.fromEntries(servers) as object },
    nfs: { hosts: { n1: at(storage) } },
  };
  return JSON.stringify({ all: { vars: { ...all.vars, vip, nfs_server: storage }, children } });
}
