import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { blockAdverts } from '../../../src/drill/faults/network.ts';
import type { Blocking } from '../../../src/drill/means.ts';

/** Two hosts on a cable: namespaces of this process and of `peer`. Nothing of them is left when the shell ends. */
const cable = `
mount -t tmpfs none /run
ip netns add peer
ip link add here type veth peer name there netns peer
ip link set lo up
ip address add 192.0.2.1/24 dev here
ip address add 2001:db8::1/64 dev here nodad
ip link set here up
ip -n peer address add 192.0.2.2/24 dev there
ip -n peer address add 2001:db8::2/64 dev there nodad
ip -n peer link set there up
`;

/**
 * sh functions. `adverts`: which of the peer's packets of protocol 112 come in, \`4 6\` at most; one of protocol 253 (RFC 3692) is sent after
 * each, so that what does not come is not waited for, and shows that all else goes on.
 */
const ask = String.raw`
cat >/run/ask.pl <<'PERL'
use Socket; use Socket qw(inet_pton pack_sockaddr_in6);
my @ends = ([AF_INET, pack_sockaddr_in(0, inet_aton('192.0.2.1')), 4], [AF_INET6, pack_sockaddr_in6(0, inet_pton(AF_INET6, '2001:db8::1')), 6]);
my (@in, @said);
for my $end (@ends) {
  my ($family, $to, $name) = @$end;
  for my $protocol (112, 253) { socket(my $in, $family, SOCK_RAW, $protocol) or die "socket: $!"; push @in, [$in, $protocol == 112 ? $name : "else$name"]; }
}
for my $end (@ends) { system('ip', 'netns', 'exec', 'peer', 'perl', '/run/send.pl', $$end[2]) == 0 or die 'send'; }
for my $one (reverse @in) {
  my ($in, $name) = @$one;
  my $bits = ''; vec($bits, fileno($in), 1) = 1;
  unshift @said, $name if select($bits, undef, undef, $name =~ /else/ ? 5 : 0.2);
}
print join(' ', @said), "\n";
PERL
cat >/run/send.pl <<'PERL'
use Socket; use Socket qw(inet_pton pack_sockaddr_in6);
my ($family, $to) = $ARGV[0] == 4 ? (AF_INET, pack_sockaddr_in(0, inet_aton('192.0.2.1'))) : (AF_INET6, pack_sockaddr_in6(0, inet_pton(AF_INET6, '2001:db8::1')));
for my $protocol (112, 253) { socket(my $out, $family, SOCK_RAW, $protocol) or die "socket: $!"; send($out, 'advert', 0, $to) or die "send: $!"; }
PERL
adverts() { perl /run/ask.pl; }
left() { { nft list ruleset; iptables -S; ip6tables -S; tc qdisc show dev here; } 2>/dev/null | grep -e lvsctl -e 112 -e clsact || echo nothing; }
say() { :; }
`;

// tc is what the lab's kernel has, and tried there.
test.each<Blocking>(['nft', 'iptables'])(
  'adverts blocked by %s do not come in, all else does, and nothing of it is left',
  (by) => {
    const { sh, undo = '' } = blockAdverts(by, [
      { nic: 'here', family: 4 },
      { nic: 'here', family: 6 },
    ]);
    const script = [
      'set -e',
      cable,
      ask,
      'adverts',
      sh,
      'adverts',
      `undo() {\n${undo}\n}`,
      'undo',
      'adverts',
      'undo',
      'left',
    ].join('\n');
    const { stdout, stderr, status } = spawnSync('unshare', ['-nm', 'sh', '-c', script], { encoding: 'utf8' });
    expect(`${stderr}${stdout}`.trim().split('\n')).toEqual([
      '4 else4 6 else6',
      'else4 else6',
      '4 else4 6 else6',
      'nothing',
    ]);
    expect(status).toBe(0);
  },
);
