import { quote } from '../ssh/quote.ts';

/**
 * Listens to VRRP: `perl -e … LEAST MOST MARK FAMILY,NIC,VRID,…`. A raw socket of protocol 112 on each NIC hears what keepalived
 * hears, behind the firewall, and takes nothing away from it. It is a member of the multicast group for as long as it listens, since
 * with a virtual MAC address keepalived is one on another device. It ends after LEAST seconds when it has heard each of the VRIDs, else
 * after MOST. Each advert is told once: MARK, the number of the link, and in hex digits the sender and the packet up to its last VIP,
 * so that a password, which comes behind, is not told.
 */
const perl = String.raw`
my ($least, $most, $mark, @links) = @ARGV;
my ($bits, $spent, $end, @ears, %told, %due) = ("", 0, time + $most + 2);
for my $n (0 .. $#links) {
  my ($family, $nic, @vrids) = split /,/, $links[$n];
  my ($ear, $index);
  if (open my $file, "<", "/sys/class/net/$nic/ifindex") { $index = <$file> + 0 }
  unless ($index && socket($ear, $family == 4 ? 2 : 10, 3, 112) && setsockopt($ear, 1, 25, "$nic\0")) {
    print "\n$mark deaf $n $nic: $!\n";
    next;
  }
  $family == 4
    ? setsockopt($ear, 0, 35, pack("C4 x4 i", 224, 0, 0, 18, $index))
    : setsockopt($ear, 41, 20, pack("n x12 n I", 0xff02, 0x12, $index));
  vec($bits, fileno $ear, 1) = 1;
  push @ears, [$n, $family, $ear];
  $due{"$n $_"} = 1 for @vrids;
}
while (@ears && $spent < $most && time < $end && ($spent < $least || %due)) {
  my ($count, $left) = select(my $ready = $bits, undef, undef, 0.2);
  $spent += 0.2 - $left;
  next unless $count > 0;
  for (@ears) {
    my ($n, $family, $ear) = @$_;
    next unless vec($ready, fileno $ear, 1);
    my $from = recv($ear, my $packet, 2048, 64);
    next unless defined $from;
    my $source = $family == 4 ? substr($packet, 12, 4) : substr($from, 8, 16);
    $packet = substr($packet, 4 * (ord($packet) & 15)) if $family == 4;
    next if length($packet) < 8;
    my ($vrid, $priority, $vips) = unpack "x C3", $packet;
    delete $due{"$n $vrid"} if $priority > 0;
    my $advert = substr($packet, 0, 8 + $vips * ($family == 4 ? 4 : 16));
    my $line = join " ", $n, unpack("H*", $source), unpack("H*", $advert);
    next if $told{$line} || keys %told >= 100;
    $told{$line} = 1;
    print "\n$mark advert $line\n";
  }
}
printf "\n$mark listened %.1f\n", $spent;
`;

/** The same for python3, which is where perl is not. */
const python = String.raw`
import select, socket, struct, sys, time
least, most, mark = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
ears, told, due, begin = {}, set(), set(), time.monotonic()
for n, link in enumerate(sys.argv[4:]):
    family, nic, *vrids = link.split(",")
    try:
        index = socket.if_nametoindex(nic)
        ear = socket.socket(socket.AF_INET if family == "4" else socket.AF_INET6, socket.SOCK_RAW, 112)
        ear.setsockopt(socket.SOL_SOCKET, 25, nic.encode() + b"\0")
    except OSError as error:
        print("\n%s deaf %d %s: %s" % (mark, n, nic, error.strerror or error))
        continue
    try:
        if family == "4":
            ear.setsockopt(0, 35, struct.pack("4B4xi", 224, 0, 0, 18, index))
        else:
            ear.setsockopt(41, 20, struct.pack("!H12xH", 0xFF02, 0x12) + struct.pack("I", index))
    except OSError:
        pass
    ears[ear] = (n, family)
    due.update((n, int(vrid)) for vrid in vrids)
while ears and (time.monotonic() - begin < least or due) and time.monotonic() - begin < most:
    for ear in select.select(list(ears), [], [], 0.2)[0]:
        (n, family), (packet, sender) = ears[ear], ear.recvfrom(2048)
        if family == "4":
            source, packet = packet[12:16], packet[4 * (packet[0] & 15):]
        else:
            source = socket.inet_pton(socket.AF_INET6, sender[0].split("%")[0])
        if len(packet) < 8:
            continue
        if packet[2] > 0:
            due.discard((n, packet[1]))
        advert = packet[:8 + packet[3] * (4 if family == "4" else 16)]
        line = "%d %s %s" % (n, source.hex(), advert.hex())
        if line not in told and len(told) < 100:
            told.add(line)
            print("\n%s advert %s" % (mark, line))
print("\n%s listened %.1f" % (mark, time.monotonic() - begin))
`;

/** Names that python3 has, that of RHEL 8 without a developer's one last. */
const pythons = ['python3', '/usr/libexec/platform-python'];

/** sh that runs the listener with these arguments, the second being the most seconds that it takes. */
export function runListener(words: readonly string[], most: number): string {
  const given = words.map(quote).join(' ');
  const bounded = `timeout -k 2 ${Math.ceil(most) + 5}`;
  return [
    `if command -v perl >/dev/null 2>&1; then ${bounded} perl -e ${quote(perl)} ${given} 2>&1`,
    ...pythons.map(
      (name) => `elif command -v ${name} >/dev/null 2>&1; then ${bounded} ${name} -c ${quote(python)} ${given} 2>&1`,
    ),
    'fi',
  ].join('\n');
}
