import type { Host } from '../cluster.ts';

/**
 * A hop of `proxyJump` that is a host of the inventory becomes that host's own login: its name need not be known to DNS. A host
 * that would be reached through itself, because `proxyJump` stands for all, is reached directly.
 */
export function withBastions(hosts: readonly Host[]): Host[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  return hosts.map((host) => {
    const { proxyJump } = host.ssh;
    if (proxyJump === undefined) return host;
    const hops = proxyJump.split(',').map((hop) => hop.trim());
    const isItself = hops.includes(host.name);
    const resolved = hops.map((hop) => login(byName.get(hop)) ?? hop).join(',');
    return { ...host, ssh: { ...host.ssh, proxyJump: isItself ? undefined : resolved } };
  });
}

/** `user@address:port`, as ProxyJump has it. */
function login(host: Host | undefined): string | undefined {
  const address = host?.ssh.host ?? host?.addresses[0]?.address;
  if (host === undefined || address === undefined) return undefined;
  const user = host.ssh.user === undefined ? '' : `${host.ssh.user}@`;
  const port = host.ssh.port === undefined ? '' : `:${host.ssh.port}`;
  return `${user}${address.includes(':') ? `[${address}]` : address}${port}`;
}
