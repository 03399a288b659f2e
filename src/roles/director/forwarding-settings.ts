import { linkTo } from '../../inventory/address.ts';
import type { Masquerading, VirtualService } from '../../inventory/cluster.ts';
import type { RoleContext } from '../role.ts';

/**
 * The kernel parameters of a director that its NAT services need: it is a router for the answers. Forwarding comes first, since a
 * change of it resets others (ip-sysctl.rst, `ip_forward`). Redirects would show real servers a way past the director; those of
 * `all` and of the interface are sent if either says so.
 */
export function forwardingSettings({ cluster, host }: RoleContext): Record<string, string> {
  const services = cluster.services.flatMap((service) => masquerading(service));
  const gateways = services.map(({ gateway }) => gateway);
  const nics = new Set(gateways.filter((one) => !one.includes(':')).map((one) => linkTo(host, one) ?? host.interface));
  return {
    ...(nics.size > 0 ? { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.send_redirects': '0' } : {}),
    // In a key a dot separates, so the one in the name of a VLAN is written as a slash: sysctl(8).
    ...Object.fromEntries([...nics].map((nic) => [`net.ipv4.conf.${nic.replaceAll('.', '/')}.send_redirects`, '0'])),
    ...(gateways.some((one) => one.includes(':')) ? { 'net.ipv6.conf.all.forwarding': '1' } : {}),
    ...(services.some(({ conntrack }) => conntrack) ? { 'net.ipv4.vs.conntrack': '1' } : {}),
  };
}

function masquerading({ forwarding }: VirtualService): Masquerading[] {
  return forwarding.mode === 'NAT' ? [forwarding] : [];
}
