import { linkTo } from '../../inventory/address.ts';
import type { Cluster, Host } from '../../inventory/cluster.ts';
import type { Answer } from '../../observe/frame.ts';
import { virtualMac } from '../../keepalived/virtual-mac.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check, CheckContext, Evidence, Finding } from '../check.ts';
import { allVips, holderOf, isOutside, judged, listed, servedBy } from '../scope.ts';

/**
 * Asked from a third host, ARP for a VIP is answered once, and by the director that holds it. The first request is a
 * broadcast: everybody who would answer does. Without arping(8) only the neighbour table can be read: it shows one answer,
 * which may be the wrong one.
 */
export const arpSingle: Check = {
  name: 'arp-single',
  severity: 'critical',
  proves: 'asked from a third host, the holder alone answers ARP for the VIP',
  why: 'When a real server or a second director answers as well, part of the clients by-pass the load balancer, and which part changes.',
  runs: 'each vantage host on the link of a VIP: `arping -c 2 -I NIC VIP`',
  reads: 'one MAC address, that of the holder; the name of its host stands beside it',
  mend: "a real server that answers: see `real-server-arp`. A MAC that is nobody's: another machine has the address",

  section(round, where, context) {
    const { cluster } = context;
    if (round === 'before') {
      const host = cluster.hosts.find(({ name }) => name === where);
      const concerned = cluster.directors.includes(where) || servedBy(cluster, where).length > 0;
      if (!host || !concerned) return undefined;
      const nics = [...new Set([host.interface, ...host.addresses.map((own) => own.interface)])];
      return {
        sh: nics
          .map((nic) => `read -r mac <${quote(`/sys/class/net/${nic}/address`)} && echo ${quote(nic)} "$mac"`)
          .join('\n'),
      };
    }
    const asked = round === 'during' ? questions(cluster, where) : [];
    return asked.length === 0 ? undefined : { sh: script(asked, context) };
  },

  judge: (evidence) =>
    allVips(evidence.cluster)
      .filter((vip) => !vip.includes(':'))
      .flatMap((vip) => judgeVip(evidence, vip)),
};

interface Question {
  readonly vip: string;
  readonly interface: string;
}

/** The VIPs that a vantage point asks for: those on a link of its own. The operator may lack the right to send ARP. */
function questions(cluster: Cluster, where: string): Question[] {
  const host = cluster.hosts.find(({ name }) => name === where);
  if (!host || !cluster.verify.from.includes(where)) return [];
  return allVips(cluster).flatMap((vip) => {
    const link = vip.includes(':') || !isOutside(cluster, where, vip) ? undefined : linkTo(host, vip);
    return link === undefined ? [] : [{ vip, interface: link }];
  });
}

function script(asked: readonly Question[], { nonce }: CheckContext): string {
  return [
    `ask() {
  if command -v arping >/dev/null 2>&1; then
    by=arping
    said=$(arping -c 2 -w 3 -I "$1" "$2" 2>&1)
  else
    by=neighbour
    ping -c 1 -W 2 "$2" >/dev/null 2>&1
    said=$(ip neigh show to "$2" dev "$1" 2>&1)
  fi
  printf '\\n${nonce} vip %s %s\\n%.2000s\\n' "$2" "$by" "$said"
}`,
    ...asked.map((one) => `ask ${quote(one.interface)} ${quote(one.vip)} &`),
    'wait',
  ].join('\n');
}

function judgeVip(evidence: Evidence, vip: string): Finding[] {
  const { cluster } = evidence;
  const owners = macs(evidence);
  const holder = holderOf(evidence, vip);
  const instance = cluster.vrrp.find(({ vips }) => vips.some(({ address }) => address === vip));
  const virtual = instance && virtualMac(instance);
  const right = holder === undefined ? undefined : (virtual ?? owners.get(`${holder} ${nicOf(evidence, holder, vip)}`));
  return cluster.hosts.flatMap((host): Finding[] => {
    const answer = evidence.answer('during', host.name, 'arp-single');
    const reply = answer && readReply(answer, vip, evidence.nonce);
    if (!reply) return [];
    const names = reply.macs.map((mac) => (mac === virtual ? `${mac} (virtual)` : nameOf(mac, owners)));
    const single = reply.macs.length === 1 && (right === undefined || reply.macs[0] === right);
    // The neighbour table keeps one answer only: a wrong one is a proof, a right one is none.
    const proven = reply.by === 'arping' && right !== undefined;
    return [
      {
        check: 'arp-single',
        where: host.name,
        status: single && !proven ? 'unknown' : judged(single),
        title: `ARP for ${vip} is answered by its holder alone`,
        expected: holder === undefined ? 'one answer' : `${right ?? 'one answer'} (${holder})`,
        seen: `${listed(names)}${single ? doubt(reply.by, right) : ''}`,
        look: look(host, vip),
      },
    ];
  });
}

/** Why one answer is no proof. */
function doubt(by: string, right: string | undefined): string {
  if (by !== 'arping') return '; arping is not there, so that a second answer would not show';
  return right === undefined ? '; which director holds it is not known' : '';
}

function look(host: Host, vip: string): string {
  return `arping -c 3 -I ${linkTo(host, vip) ?? host.interface} ${vip}`;
}

/** The NIC on which a director has a VIP. */
function nicOf({ cluster }: Evidence, director: string, vip: string): string {
  const carried = cluster.vrrp.flatMap(({ vips }) => vips).find(({ address }) => address === vip);
  return carried?.interfaces[director] ?? '';
}

/** The MAC addresses of every director and real server that told them, by `HOST NIC`. */
function macs(evidence: Evidence): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { name } of evidence.cluster.hosts) {
    for (const line of evidence.answer('before', name, 'arp-single')?.output.split('\n') ?? []) {
      const [nic, mac = ''] = line.trim().split(' ');
      const its = mac.toLowerCase();
      if (nic !== undefined && macPattern.test(its)) owners.set(`${name} ${nic}`, its);
    }
  }
  return owners;
}

function nameOf(mac: string, owners: ReadonlyMap<string, string>): string {
  const owner = [...owners].find(([, its]) => its === mac)?.[0].split(' ')[0];
  return `${mac} (${owner ?? 'not a director or real server that was asked'})`;
}

const macPattern = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;

/** iputils: `Unicast reply from IP [MAC]`; Habets: `42 bytes from MAC (IP)`; ip neigh: `IP lladdr MAC REACHABLE`. */
function readReply({ output }: Answer, vip: string, nonce: string): { by: string; macs: string[] } | undefined {
  const part = output.split(`\n${nonce} vip `).find((one) => one.startsWith(`${vip} `));
  if (part === undefined) return undefined;
  const by = part.slice(vip.length + 1, part.indexOf('\n'));
  const lines = part.split('\n').filter((line) => /reply from|bytes from|lladdr/.test(line));
  const found = lines.flatMap((line) => /[0-9a-f]{2}(?::[0-9a-f]{2}){5}/i.exec(line)?.[0].toLowerCase() ?? []);
  return { by, macs: [...new Set(found)] };
}
