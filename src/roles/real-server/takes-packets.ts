import type { PlacedVip } from '../../forwarding/placed-vip.ts';
import type { TunnelEnd } from '../../forwarding/tunnel-end.ts';
import type { Resource } from '../../resources/index.ts';
import type { RoleContext } from '../role.ts';
import { kernelModules, sysctls, templateFile } from '../settings.ts';

/** What lets a real server take packets for a VIP: the devices, the settings that keep it silent about the VIP, the VIP. */
export function takesPackets(
  context: RoleContext,
  vips: readonly PlacedVip[],
  ends: readonly TunnelEnd[],
): readonly Resource[] {
  if (vips.length === 0) return [];
  const { services } = context.platform;
  const dummies = unique(vips.map(({ device }) => device).filter((device) => isDummy(device, ends)));
  const devices = unique([...dummies, ...ends.map(({ device }) => device)]);
  const modules = unique([...(dummies.length > 0 ? ['dummy'] : []), ...ends.flatMap((end) => end.modules)]);
  const addresses = vips.map(({ address, family, device }) => ({
    address,
    prefix: family === 4 ? 32 : 128,
    interface: device,
  }));
  const ports = [
    ...new Map(
      ends.flatMap(({ outer, port }) => (port === undefined ? [] : [[`${outer} ${port}`, { family: outer, port }]])),
    ).values(),
  ];
  const own = services.own('lvsctl-vip');
  const unit = {
    dummies: dummies.map((device) => ({ interface: device })),
    links: devices.map((device) => ({ interface: device })),
    ports,
    addresses,
  };
  return [
    ...(modules.length > 0 ? kernelModules(context, 'real-server', modules) : []),
    ...devices.map((device): Resource => ({
      kind: 'link',
      interface: device,
      type: dummies.includes(device) ? 'dummy' : 'brought',
    })),
    ...settings(context, vips, ends),
    ...ports.map((port): Resource => ({ kind: 'receive-port', ...port })),
    templateFile(context, own.path, own.template, unit, { mode: own.mode, then: services.reread('start') }),
    ...addresses.map((address): Resource => ({ kind: 'address', ...address })),
    { kind: 'service', unit: own.unit, reloadOn: [], restartOn: [], configuration: [], listens: [] },
  ];
}

/**
 * The ARP settings come before the VIP: one that is answered for by several machines is a broken network. IPv6 needs none:
 * neighbours are answered for an address of the interface they ask on alone. What comes out of a tunnel has a source that is
 * reached by another interface, which strict reverse path filtering drops; the greater of `all` and the device's own value
 * counts (ip-sysctl.rst).
 */
function settings(context: RoleContext, vips: readonly PlacedVip[], ends: readonly TunnelEnd[]): Resource[] {
  const devices = unique(ends.filter(({ family }) => family === 4).map(({ device }) => device));
  const filtered = devices.length === 0 ? [] : ['all', ...devices];
  if (!vips.some(({ family }) => family === 4)) return [];
  // In a key a dot separates, so the one in the name of a VLAN is written as a slash: sysctl(8).
  const nic = context.host.interface.replaceAll('.', '/');
  return sysctls(context, 'real-server', {
    'net.ipv4.conf.all.arp_ignore': '1',
    'net.ipv4.conf.all.arp_announce': '2',
    [`net.ipv4.conf.${nic}.arp_ignore`]: '1',
    [`net.ipv4.conf.${nic}.arp_announce`]: '2',
    ...Object.fromEntries(filtered.map((name) => [`net.ipv4.conf.${name}.rp_filter`, '0'])),
  });
}

function isDummy(device: string, ends: readonly TunnelEnd[]): boolean {
  return device !== 'lo' && !ends.some((end) => end.device === device);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
