import { inNetwork, readIp } from '../address.ts';
import type { Family, Forwarding, ForwardingMode, Host, Masquerading, Tunnel } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

type WrittenService = NonNullable<Written['services']>[string];

/** The keys that only one mode takes. */
const keyOfMode = { device: 'DR', gateway: 'NAT', conntrack: 'NAT', tunnel: 'TUN', outer: 'TUN', mtu: 'TUN' } as const;

/** What is known of a service before its forwarding is. */
interface Service {
  readonly written: WrittenService;
  readonly path: Path;
  readonly vip: string;
  readonly family: Family;
}

/** The forwarding of a service with its defaults; undefined: it has none, which is reported. So are keys of another mode. */
export function resolveForwarding(
  service: Service,
  inventory: Written,
  directors: readonly Host[],
  context: Context,
): Forwarding | undefined {
  const { written, path } = service;
  const mode = written.mode ?? 'DR';
  for (const [key, its] of Object.entries(keyOfMode)) {
    if (written[key as keyof typeof keyOfMode] === undefined || its === mode) continue;
    const hint = `write mode: ${its}, or take ${key} out`;
    context.report('mode-key', [...path, key], `${key} is for mode ${its}, and this is ${mode}`, hint, 'key');
  }
  return forwardingOf(mode, service, inventory, directors, context);
}

function forwardingOf(
  mode: ForwardingMode,
  service: Service,
  inventory: Written,
  directors: readonly Host[],
  context: Context,
): Forwarding | undefined {
  const { written } = service;
  switch (mode) {
    case 'DR':
      return { mode, device: written.device ?? 'lo' };
    case 'NAT': {
      const gateway = gatewayOf(service, inventory, directors, context);
      return gateway && { mode, ...gateway, conntrack: written.conntrack ?? false };
    }
    case 'TUN':
      return {
        mode,
        tunnel: tunnelOf(written.tunnel ?? 'ipip'),
        outer: outerOf(service, context),
        mtu: written.mtu ?? 1_500,
      };
  }
}

function tunnelOf(written: NonNullable<WrittenService['tunnel']>): Tunnel {
  return typeof written === 'string' ? { type: written } : { type: 'gue', port: written.gue };
}

/** ip6tnl0, which takes packets from anywhere, takes IPv6 in IPv6 alone; sit0 and gre0 take both in IPv4. */
function outerOf({ written, path, family }: Service, context: Context): Family {
  const outer = written.outer ?? family;
  if (outer === 6 && family === 4) {
    const message = 'the device that a real server has for tunnels over IPv6 takes no IPv4 out of them';
    context.report('tunnel-family', [...path, 'outer'], message, 'take outer out');
  }
  return outer;
}

function gatewayOf(
  service: Service,
  inventory: Written,
  directors: readonly Host[],
  context: Context,
): Pick<Masquerading, 'gateway' | 'route'> | undefined {
  const { written, path, vip, family } = service;
  const { gateway } = written;
  if (gateway === undefined) {
    const found = onlyInnerVip(service, inventory, directors, context);
    return found === undefined ? undefined : { gateway: found, route: undefined };
  }
  const own = typeof gateway === 'string' ? { vip: gateway, route: undefined } : gateway;
  const at = typeof gateway === 'string' ? [...path, 'gateway'] : [...path, 'gateway', 'vip'];
  const read = readIp(own.vip);
  const fault = !read.ok
    ? read.error
    : read.value.family !== family
      ? `${own.vip} is not IPv${family}, as the VIP is`
      : read.value.address === vip
        ? `${own.vip} is the VIP of the clients: the inner VIP is another one`
        : undefined;
  if (fault !== undefined) context.report('nat-gateway', at, fault);
  return read.ok && fault === undefined ? { gateway: read.value.address, route: own.route } : undefined;
}

/** The one VIP of `vrrp` that could be the gateway; undefined, and reported, where there is not just one. */
function onlyInnerVip(
  { path, vip, family }: Service,
  { vrrp = {}, services = {} }: Written,
  directors: readonly Host[],
  context: Context,
): string | undefined {
  const outer = new Set(Object.values(services).map((one) => addressOf(one.vip)));
  const networks = directors.flatMap(({ addresses }) => addresses).filter((own) => inNetwork(vip, own));
  const inner = Object.values(vrrp)
    .flatMap(({ vips = [] }) => vips.map((one) => addressOf(typeof one === 'string' ? one : one.address)))
    .filter((one) => one.includes(':') === (family === 6))
    .filter((one) => !outer.has(one) && !networks.some((network) => inNetwork(one, network)));
  const [found, ...others] = inner;
  if (found !== undefined && others.length === 0) return found;
  const message =
    found === undefined
      ? 'a NAT service needs an inner VIP, by which the answers come back through the director'
      : `which of ${inner.join(', ')} the answers come back by is not said`;
  const hint = 'write gateway: with an address that is free in the network of the real servers';
  context.report('nat-gateway', path, message, found === undefined ? hint : `write gateway: ${found}`, 'key');
  return undefined;
}

function addressOf(text: string): string {
  const read = readIp(text);
  return read.ok ? read.value.address : text;
}
