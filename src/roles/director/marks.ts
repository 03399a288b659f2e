import type { PortRange, VirtualService } from '../../inventory/cluster.ts';
import { linkTo } from '../../inventory/address.ts';
import type { Resource } from '../../resources/index.ts';
import { marksStamp } from '../../resources/packet-marks.ts';
import type { RoleContext } from '../role.ts';
import { scriptUnit, templateFile } from '../settings.ts';

const folder = '/usr/local/lib/lvsctl';
const script = `${folder}/marks`;

/** Whether any service is one by its mark. */
export function hasMarks({ cluster }: RoleContext): boolean {
  return cluster.services.some(({ mark }) => mark !== undefined);
}

/**
 * The rules that mark the packets of services with several ports, set now and at boot, before keepalived answers for their VIPs.
 * Where a firewall is restarted that flushes every table, they are set again with it.
 */
export function marks(context: RoleContext): readonly Resource[] {
  if (!hasMarks(context)) return [];
  const { cluster } = context;
  const own = scriptUnit(context, 'lvsctl-marks', script);
  const template = `marks-${cluster.ipvs.marking}.sh`;
  const stamp = { path: marksStamp, folder: marksStamp.slice(0, marksStamp.lastIndexOf('/')) };
  const rules = cluster.services.flatMap((service) => rulesOf(context, service));
  const validate = `sh "$new" check || { echo "the kernel does not take the rules for firewall marks by ${cluster.ipvs.marking}: ipvs.marking names the other means"; false; }`;
  return [
    { kind: 'directory', path: folder, mode: undefined },
    templateFile(context, script, template, { rules, stamp, nics: nicsOf(rules) }, { mode: '0755', validate }),
    own.file,
    own.service,
    { kind: 'packet-marks', script, unit: own.service.unit },
  ];
}

/** One rule for nft(8), and one for each range of ports for tc(8). */
interface MarkRule {
  readonly name: string;
  readonly vip: string;
  /** As nft(8) names the address: `ip` or `ip6`. */
  readonly family: 'ip' | 'ip6';
  /** As tc(8) names the protocol. */
  readonly ethernet: 'ip' | 'ipv6';
  /** Lower case. */
  readonly protocol: string;
  readonly ports: readonly string[];
  readonly mark: number;
  /** NIC that packets for the VIP come in by. */
  readonly nic: string;
}

function rulesOf({ host }: RoleContext, { name, vip, family, protocol, mark }: VirtualService): MarkRule[] {
  if (mark === undefined) return [];
  return [
    {
      name,
      vip,
      family: family === 4 ? 'ip' : 'ip6',
      ethernet: family === 4 ? 'ip' : 'ipv6',
      protocol: protocol.toLowerCase(),
      ports: mark.ports.map(rangeText),
      mark: mark.number,
      nic: linkTo(host, vip) ?? host.interface,
    },
  ];
}

function nicsOf(rules: readonly MarkRule[]): string[] {
  return [...new Set(rules.map(({ nic }) => nic))];
}

function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
