import { quote } from '../../ssh/quote.ts';

/** Tenths of a second that connections which have begun have to end before a VIP goes. */
const quiet = 10;

/** Tenths of a second within which the VIPs of a director that gives up are gone. */
const patience = 150;

/**
 * sh by which a director gives up VIPs without a request being lost. From its beginning on IPVS drops what would be new connections
 * (`drop_packet` 3 at `am_droprate` 1, ipvs-sysctl.rst): a client repeats its SYN after a second, and gets to whoever has the VIP by then,
 * while what has begun comes to its end. It says `quiet` when nothing is under way, or after a second; makes the files by which
 * keepalived is told, if there are any; and waits until none of the VIPs is there: exit code 4 when one stays. However it ends,
 * connections are taken again.
 */
export function giveUpScript(vips: readonly string[], files: readonly string[], nonce: string): string {
  return [
    `vips=' ${vips.join(' ')} '`,
    holding,
    calm,
    `left=${quiet}`,
    'sleep 0.2',
    `while [ $left -gt 0 ] && [ "$(under_way)" -gt 0 ]; do left=$((left - 1)); sleep 0.1; done`,
    `echo ${nonce} quiet`,
    ...files.map((file) => `echo 1 >${quote(file)}`),
    `left=${patience}`,
    'while [ -n "$(held)" ]; do left=$((left - 1)); [ $left -gt 0 ] || exit 4; sleep 0.1; done',
  ].join('\n');
}

/** sh that prints which of the VIPs a director holds, a line each. */
export function heldScript(vips: readonly string[]): string {
  return [`vips=' ${vips.join(' ')} '`, holding, 'held'].join('\n');
}

/** sh that takes back what {@link giveUpScript} told keepalived, or tells it so. */
export function awayScript(files: readonly string[], away: boolean): string {
  return files.map((file) => (away ? `echo 1 >${quote(file)}` : `rm -f -- ${quote(file)}`)).join('\n');
}

const holding = String.raw`
held() {
  ip -o addr show | while read -r _ device _ address _; do
    case "$device $vips" in "lo "*) ;; *" ${'$'}{address%%/*} "*) echo "${'$'}{address%%/*}" ;; esac
  done
}
`;

// Somebody else puts things right if this shell is killed: a director that takes nobody in is worse than one that loses a request.
const calm = String.raw`
trap '' HUP PIPE
under_way() { ipvsadm -Ln 2>/dev/null | awk '$1 == "->" && $5 ~ /^[0-9]+$/ { sum += $5 } END { print sum + 0 }'; }
vs=/proc/sys/net/ipv4/vs
if [ -w $vs/drop_packet ]; then
  rate=$(cat $vs/am_droprate)
  mode=$(cat $vs/drop_packet)
  open() { echo "$mode" >$vs/drop_packet; echo "$rate" >$vs/am_droprate; }
  ( sleep 25; open ) </dev/null >/dev/null 2>&1 &
  other=$!
  trap 'open; kill $other 2>/dev/null' EXIT
  echo 1 >$vs/am_droprate
  echo 3 >$vs/drop_packet
fi
`;
