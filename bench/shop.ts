/** The shop of inventories/dr.yaml with other hosts, as lines of an inventory: two directors lb*, a storage host nas1, and any number of web*. */
export function shopInventory(hosts: readonly string[], vip: string): string {
  return `
cluster: shop
ssh: { user: root, connectTimeout: 120 }
hosts:
${hosts.map((line) => `  ${line}`).join('\n')}
directors: [lb1, lb2]
services:
  www: { vip: ${vip}, port: 80, mode: DR, scheduler: wrr, check: { http: /healthz, status: 200 }, realServers: [web*] }
nginx:
  www: { hosts: [web*], root: /var/www/shared }
storage:
  exports: { nas1:/srv/www: { clients: [web*], options: [rw, no_root_squash] } }
  mounts: { /var/www/shared: { from: nas1:/srv/www, hosts: [web*] } }
verify: { from: [operator] }
`;
}
