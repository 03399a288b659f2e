import type { Family } from '../../inventory/cluster.ts';
import type { Step } from '../../resources/resource.ts';
import { quote } from '../../ssh/quote.ts';
import type { Blocking } from '../means.ts';
import { breaking } from './marking.ts';

/** IP protocol number of VRRP, RFC 5798 5.1.1.4. */
const vrrp = 112;

/** Where adverts come in. */
export interface Advertised {
  readonly nic: string;
  readonly family: Family;
}

/** Has a host hear no adverts any more on these NICs; all else goes on. */
export function blockAdverts(by: Blocking, all: readonly Advertised[]): Step {
  const { sh, undo } = blocking[by](all);
  return breaking(`protocol ${vrrp}`, `dropped as it comes in, by ${by}`, sh, undo);
}

interface Scripts {
  readonly sh: string;
  readonly undo: string;
}

const blocking: Readonly<Record<Blocking, (all: readonly Advertised[]) => Scripts>> = {
  nft: (all) => ({
    sh: [
      'nft add table inet lvsctl_drill',
      `nft 'add chain inet lvsctl_drill input { type filter hook input priority -300; policy accept; }'`,
      ...all.map(({ nic }) => `nft add rule inet lvsctl_drill input iifname ${quote(nic)} meta l4proto ${vrrp} drop`),
    ].join('\n'),
    undo: 'nft list table inet lvsctl_drill >/dev/null 2>&1 || return 0\nnft delete table inet lvsctl_drill',
  }),
  iptables: (all) => ({
    sh: all.map((one) => `${iptables(one)} -I ${rule(one)}`).join('\n'),
    undo: all
      .map((one) => `! ${iptables(one)} -C ${rule(one)} 2>/dev/null || ${iptables(one)} -D ${rule(one)}`)
      .join('\n'),
  }),
  tc: (all) => ({
    sh: all
      .flatMap(({ nic, family }) => [
        `tc qdisc show dev ${quote(nic)} | grep -q -w clsact || tc qdisc add dev ${quote(nic)} clsact`,
        `tc filter add dev ${quote(nic)} ingress pref ${place[family]} protocol ${ethernet[family]} flower ip_proto ${vrrp.toString(16)} action drop`,
      ])
      .join('\n'),
    // What others have hung up there stays, and the hook with it.
    undo: all
      .flatMap(({ nic, family }) => [
        `tc filter del dev ${quote(nic)} ingress pref ${place[family]} 2>/dev/null || :`,
        `[ -n "$(tc filter show dev ${quote(nic)} ingress)$(tc filter show dev ${quote(nic)} egress)" ] || tc qdisc del dev ${quote(nic)} clsact 2>/dev/null || :`,
      ])
      .join('\n'),
  }),
};

/** Places among the filters of a NIC that are lvsctl's own: others than those of marks. */
const place: Readonly<Record<Family, number>> = { 4: 30390, 6: 30391 };
const ethernet: Readonly<Record<Family, string>> = { 4: 'ip', 6: 'ipv6' };

function iptables({ family }: Advertised): string {
  return `${family === 4 ? 'iptables' : 'ip6tables'} -w 5`;
}

function rule({ nic }: Advertised): string {
  return `INPUT -i ${quote(nic)} -p ${vrrp} -j DROP`;
}

/** Seconds from the end of the script to the moment in which the link goes: its last word has to arrive. */
export const linkDelay = 1;

/**
 * Takes NICs down a moment after it has said so. With them go the routes over them, and IPv6 addresses (ip-sysctl.rst,
 * keep_addr_on_down): both are kept and put back, but for what the kernel or keepalived puts there itself. What is kept is read back line
 * by line; each line is given to ip(8) as it came from there.
 */
export function linkDown(nics: readonly string[]): Step {
  const each = (line: (nic: string, index: number) => string): string => nics.map(line).join('\n');
  const kept = (index: number): string => `"$work/$step.${index}.routes"`;
  return breaking(
    `link ${nics.join(' ')}`,
    'taken down',
    [
      each((nic, index) =>
        [
          `for family in 4 6; do`,
          `  ip -o -$family route show table all dev ${quote(nic)} |`,
          `    sed -e '/proto kernel/d' -e '/^local /d' -e '/^broadcast /d' -e '/^multicast /d' -e '/^anycast /d' -e '/proto keepalived/d' -e '/proto 18 /d' -e '/proto ra/d' -e 's/ linkdown//' -e 's/ dead//' -e "s/^/$family /"`,
          `done >${kept(index)}`,
          `cat /proc/sys/net/ipv6/conf/${quote(nic)}/keep_addr_on_down >"$work/$step.${index}.keep" 2>/dev/null || :`,
        ].join('\n'),
      ),
      `{ sleep ${linkDelay}`,
      each((nic) => `echo 1 >/proc/sys/net/ipv6/conf/${quote(nic)}/keep_addr_on_down`),
      'read -r up _ </proc/uptime',
      'echo "$up" >"$work/went"',
      each((nic) => `ip link set dev ${quote(nic)} down`),
      '} >/dev/null 2>&1 3>&- &',
    ].join('\n'),
    [
      each((nic, index) =>
        [
          `ip link set dev ${quote(nic)} up`,
          `[ ! -s "$work/$step.${index}.keep" ] || cat "$work/$step.${index}.keep" >/proc/sys/net/ipv6/conf/${quote(nic)}/keep_addr_on_down`,
          `while read -r family line; do ip -$family route replace $line dev ${quote(nic)} 2>/dev/null || :; done <${kept(index)}`,
        ].join('\n'),
      ),
      '{ read -r up <"$work/went"; } 2>/dev/null && say fault "$up" || :',
    ].join('\n'),
  );
}
