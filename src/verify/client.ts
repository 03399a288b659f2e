import { urlHost } from '../inventory/address.ts';
import { printableLine } from '../ssh/printable.ts';
import { quote } from '../ssh/quote.ts';

/**
 * sh functions of a small client. `get SCHEME HOST ADDRESS URLADDRESS PORT PATH PADDING` prints the head of the answer to one HTTP request
 * on a connection of its own (HOST is what the request and a TLS handshake name, URLADDRESS has brackets), at most 5 seconds;
 * `dial ADDRESS PORT` connects and hangs up, at most 3; `send ADDRESS PORT BYTES` sends one datagram, BYTES as printf(1) takes
 * them, and waits at most 2 seconds for another. They fail when nothing answers, with 127 when the host has no program for it.
 * bash is on every Debian, curl is not; only curl speaks TLS. curl is asked to follow neither a proxy nor a .curlrc of the
 * person who runs it and not to judge certificates, and bash, which reads .bashrc where its standard input is a socket, no
 * .bashrc.
 */
export const client = String.raw`
if command -v curl >/dev/null 2>&1; then
  get() {
    curl -q -s -S -g -k -o /dev/null -D - --noproxy '*' --connect-timeout 2 --max-time 5 -A "lvsctl$7" \
      --connect-to "::$4:$5" -- "$1://$2:$5$6"
  }
elif command -v bash >/dev/null 2>&1; then
  get() {
    [ "$1" = http ] || { echo 'there is no curl, and bash speaks no TLS'; return 127; }
    timeout 5 bash --norc -c 'exec 3<>"/dev/tcp/$1/$2" || exit 7
      printf "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: lvsctl%s\r\n\r\n" "$3" "$0" "$4" >&3
      lines=0
      while [ $lines -lt 100 ] && IFS= read -r line <&3; do
        case "$line" in ""|?) break ;; esac
        printf "%s\n" "$line"
        lines=$((lines + 1))
      done
      [ $lines -gt 0 ] || { echo "no answer"; exit 52; }' "$2" "$3" "$5" "$6" "$7"
  }
else
  get() { echo 'neither curl nor bash is there'; return 127; }
fi
if command -v bash >/dev/null 2>&1; then
  dial() { timeout 3 bash --norc -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2"; }
  send() {
    timeout 3 bash --norc -c 'exec 3<>"/dev/udp/$0/$1" || exit 7
      printf "$2" >&3
      [ "$(timeout 2 head -c 1 <&3 | wc -c)" -gt 0 ] || { echo "no answer in time"; exit 28; }' "$1" "$2" "$3"
  }
elif command -v nc >/dev/null 2>&1; then
  dial() { nc -z -w 3 "$1" "$2"; }
  send() { echo 'bash is not there'; return 127; }
else
  dial() { echo 'neither bash nor nc is there'; return 127; }
  send() { dial; }
fi
`;

/** How a service is asked: by a connection alone, a page, or a datagram (hex digits in pairs) that must be answered. */
export type Asking =
  | { readonly by: 'connection' }
  | {
      readonly by: 'page';
      readonly scheme: 'http' | 'https';
      /** URL path. */
      readonly path: string;
      /** The name to ask for; undefined: the address. */
      readonly host: string | undefined;
      /** Bytes by which the name of the client is longer, for the size of the request alone. */
      readonly padding?: number;
    }
  | { readonly by: 'datagram'; readonly payload: string };

/** Where to and how. */
export interface Destination {
  readonly address: string;
  /** 1–65535. */
  readonly port: number;
  readonly asking: Asking;
}

/** What came of one request or connection. */
export interface Reply {
  /** 0: answered or connected; 127: the place has no program to do it with. */
  readonly exit: number;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;
  /** The header X-Real-Server: who answered. */
  readonly server: string | undefined;
  /** What the client complained about. Raw. */
  readonly complaint: string;
}

/** A reply for people; undefined: nobody was there to try it. 124 is timeout(1)'s code for out of time, 28 curl(1)'s. */
export function replyText(reply: Reply | undefined): string {
  if (reply === undefined) return 'it was not tried';
  const { exit, status, complaint } = reply;
  if (exit === 0) return status === undefined ? 'an answer that is not HTTP' : `status ${status}`;
  if (exit === 124 || exit === 28) return 'no answer in time';
  return printableLine(complaint) || `no answer (exit code ${exit})`;
}

/** How many replies each server gave, of those that tell who gave them. */
export function countByServer(replies: readonly Reply[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { server } of replies) if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
  return counts;
}

/** After so many failures one after the other the rest is not tried: it would only take time. */
const givesUpAfter = 3;

/**
 * sh function `pages`: what `series` does, for pages and by one curl(1) for all requests until one fails: to start it costs a host
 * more than the request. `many` says whether it can: `exitcode` and `errormsg` came with curl 7.75. A connection that is to be
 * closed is not used again, which HTTP/2 would do.
 */
function pages(count: number, mark: string): string {
  return `case "$(curl -V 2>/dev/null)" in
  'curl 7.'[0-9].*|'curl 7.'[1-6][0-9].*|'curl 7.7'[0-4].*) many= ;;
  'curl '[1-9]*) many=curl ;;
  *) many= ;;
esac
pages() {
  url="$1://$2:$5$6" to="::$4:$5" agent="lvsctl$7"
  while [ $sent -lt ${count} ] && [ $bad -lt ${givesUpAfter} ]; do
    set --
    while [ $# -lt $(((${count} - sent) * 3)) ]; do set -- "$@" -o /dev/null "$url"; done
    said=$(curl -q -s -g -k -D - --noproxy '*' --connect-timeout 2 --max-time 5 -A "$agent" --connect-to "$to" \\
      --http1.1 -H 'Connection: close' --fail-early -w '\\ncurl: (%{exitcode}) %{errormsg}\\n${mark} exit %{exitcode}\\n' "$@" 2>/dev/null)
    code=$?
    left=$said
    answers=0
    while :; do
      case "$left" in *'${mark} exit '*) left=\${left#*'${mark} exit '} answers=$((answers + 1)) ;; *) break ;; esac
    done
    [ $answers -gt 0 ] || { said='
${mark} exit '$code answers=1; }
    printf '%s\\n' "$said"
    sent=$((sent + answers))
    if [ $code -eq 0 ]; then bad=0; elif [ $answers -gt 1 ]; then bad=1; else bad=$((bad + 1)); fi
  done
}`;
}

/**
 * sh that sends `count` requests to each destination, one after the other. `mark` begins the lines that a server must not be
 * able to forge. {@link readSeries} reads what it prints.
 */
export function series(destinations: readonly Destination[], count: number, mark: string): string {
  return [
    client,
    pages(count, mark),
    `series() {
  printf '\\n${mark} series\\n'
  sent=0
  bad=0
  if [ "$many $1" = 'curl get' ]; then shift; pages "$@"; return; fi
  while [ $sent -lt ${count} ] && [ $bad -lt ${givesUpAfter} ]; do
    sent=$((sent + 1))
    "$@" 2>&1
    code=$?
    printf '\\n${mark} exit %s\\n' $code
    if [ $code -eq 0 ]; then bad=0; else bad=$((bad + 1)); fi
  done
}`,
    ...destinations.map((one) => `series ${requestOf(one)}`),
  ].join('\n');
}

/** How many are asked at once: each may take its whole time when nothing answers. */
const atOnce = 20;

/**
 * sh function `together NUMBER get …`, for several requests of {@link requestOf}: what `once` does, by one curl(1) for all of them.
 * Where that does not say how each of them ended (before curl 7.75), each is asked by a program of its own.
 */
function together(mark: string): string {
  return String.raw`
at_once() {
  left=$#
  while [ $left -gt 0 ]; do
    [ $left -eq $# ] || set -- "$@" --next
    set -- "$@" -s -g -k -o /dev/null --noproxy '*' --connect-timeout 2 --max-time 5 --http1.1 -H 'Connection: close'       -A "lvsctl$9" --connect-to "::$6:$7" "$3://$4:$7$8"       -w "
${mark} once $1
HTTP/%{http_version} %{http_code}
curl: (%{exitcode}) %{errormsg}
${mark} exit %{exitcode}
"
    shift 9
    left=$((left - 9))
  done
  curl -q -Z --parallel-immediate --parallel-max ${atOnce} "$@" 2>/dev/null
}
together() {
  said=$(at_once "$@")
  left=$said answers=0
  while :; do
    case "$left" in *'${mark} exit '[0-9]*) left=${'$'}{left#*'${mark} exit '[0-9]} answers=$((answers + 1)) ;; *) break ;; esac
  done
  if [ $((answers * 9)) -eq $# ]; then printf '%s
' "$said"; return; fi
  while [ $# -gt 0 ]; do
    once "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8" "$9" &
    shift 9
  done
  wait
}`;
}

/** sh that asks each destination once, many at the same time. {@link readOnce} reads what it prints. */
export function once(destinations: readonly Destination[], mark: string): string {
  const asked = destinations.map((one, index) => ({
    page: one.asking.by === 'page',
    words: `${index} ${requestOf(one)}`,
  }));
  const pages = asked.filter(({ page }) => page).map(({ words }) => words);
  const others = asked.filter(({ page }) => !page).map(({ words }) => `once ${words} &`);
  return [
    client,
    `once() {
  number=$1
  shift
  said=$("$@" 2>&1)
  code=$?
  printf '\\n${mark} once %s\\n%.200s\\n${mark} exit %s\\n' "$number" "$said" $code
}`,
    ...(pages.length > 0 ? [together(mark)] : []),
    ...inGroups(pages).map((group) => `together ${group.join(' ')}`),
    ...inGroups(others).flatMap((group) => [...group, 'wait']),
  ].join('\n');
}

function inGroups(lines: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(lines.length / atOnce) }, (_, group) =>
    lines.slice(group * atOnce, (group + 1) * atOnce),
  );
}

/** The replies to each destination of {@link series}, in the order given. */
export function readSeries(output: string, mark: string): Reply[][] {
  return output
    .split(`\n${mark} series\n`)
    .slice(1)
    .map((part) => readReplies(part, mark));
}

/** The reply of each destination of {@link once} by its number. */
export function readOnce(output: string, mark: string): Map<number, Reply> {
  const replies = new Map<number, Reply>();
  for (const part of output.split(`\n${mark} once `).slice(1)) {
    const [reply] = readReplies(part.slice(part.indexOf('\n') + 1), mark);
    if (reply) replies.set(Number.parseInt(part, 10), reply);
  }
  return replies;
}

/** The call of {@link client} that asks a destination once. */
export function requestOf({ address, port, asking }: Destination): string {
  switch (asking.by) {
    case 'connection':
      return `dial ${quote(address)} ${port}`;
    case 'page': {
      const { scheme, host, path, padding = 0 } = asking;
      const names = [host ?? urlHost(address), address, urlHost(address)].map(quote).join(' ');
      return `get ${scheme} ${names} ${port} ${quote(path)} ${quote('x'.repeat(padding))}`;
    }
    case 'datagram':
      return `send ${quote(address)} ${port} ${quote(octal(asking.payload))}`;
  }
}

/** Bytes as printf(1) takes them everywhere: `\012`. */
function octal(hex: string): string {
  return [...Buffer.from(hex, 'hex')].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** What a person types to ask the same. */
export function byHand({ address, port, asking }: Destination): string {
  switch (asking.by) {
    case 'connection':
      return `bash -c '</dev/tcp/${address}/${port}'`;
    case 'page': {
      const { scheme, host, path, padding = 0 } = asking;
      const header = padding === 0 ? '' : ` -A "$(printf '%0${padding}d' 0)"`;
      const to = host === undefined ? '' : ` --connect-to ::${urlHost(address)}:${port}`;
      const insecure = scheme === 'https' ? ' -k' : '';
      return `curl -i${insecure}${header}${to} ${scheme}://${host ?? urlHost(address)}:${port}${path}`;
    }
    case 'datagram':
      return `printf '${octal(asking.payload)}' | nc -u -w 2 ${address} ${port} | od -c`;
  }
}

function readReplies(text: string, mark: string): Reply[] {
  const replies: Reply[] = [];
  const ends = `\n${mark} exit `;
  let at = 0;
  for (let end = text.indexOf(ends); end >= 0; end = text.indexOf(ends, at)) {
    const said = text.slice(at, end);
    at = end + ends.length;
    const exit = Number.parseInt(text.slice(at, at + 4), 10);
    at = Math.max(text.indexOf('\n', at), at);
    const status = /^\s*HTTP\/[\d.]+ (\d{3})/.exec(said)?.[1];
    const server = /^x-real-server:[ \t]*(\S{1,253})/im.exec(said)?.[1];
    const complaint = exit === 0 ? '' : (said.trim().split('\n').at(-1) ?? '');
    // Of a request without an answer curl says 000.
    replies.push({ exit, status: Number(status ?? 0) || undefined, server, complaint });
  }
  return replies;
}
