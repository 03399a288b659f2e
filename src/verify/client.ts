import { urlHost } from '../inventory/address.ts';
import { quote } from '../ssh/quote.ts';

/** What curl(1) is always told, after `-q`: to print nothing by itself, to take URLs as they are, to go there itself, and to be done in time. */
const plainly = `-s -g -k --noproxy '*' --connect-timeout 2 --max-time 5`;

/** The same where one curl sends several requests: none of them on the connection of another, which HTTP/2 would do. */
const apart = `--http1.1 -H 'Connection: close'`;

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
    curl -q ${plainly} -S -o /dev/null -D - -A "lvsctl$7" \
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

/** sh function `count TEXT`: `answers` is how many requests have ended in what curl(1) printed. */
function counting(mark: string): string {
  return `count() {
  left=$1 answers=0
  while :; do
    case "$left" in *'${mark} exit '[0-9]*) left=\${left#*'${mark} exit '[0-9]} answers=$((answers + 1)) ;; *) break ;; esac
  done
}`;
}

/** After so many failures one after the other the rest is not tried: it would only take time. */
const givesUpAfter = 3;

/**
 * sh function `pages`: what `series` does, for pages and by one curl(1) for all requests until one fails: to start it costs a host
 * more than the request. `many` says whether it can: `exitcode` and `errormsg` came with curl 7.75.
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
    said=$(curl -q ${plainly} ${apart} -D - -A "$agent" --connect-to "$to" --fail-early \\
      -w '\\ncurl: (%{exitcode}) %{errormsg}\\n${mark} exit %{exitcode}\\n' "$@" 2>/dev/null)
    code=$?
    count "$said"
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
 * able to forge. readSeries of replies.ts reads what it prints.
 */
export function series(destinations: readonly Destination[], count: number, mark: string): string {
  return [
    client,
    counting(mark),
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
    set -- "$@" ${plainly} ${apart} -o /dev/null -A "lvsctl$9" --connect-to "::$6:$7" "$3://$4:$7$8" -w "
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
  count "$said"
  if [ $((answers * 9)) -eq $# ]; then printf '%s\n' "$said"; return; fi
  while [ $# -gt 0 ]; do
    once "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8" "$9" &
    shift 9
  done
  wait
}`;
}

/** sh that asks each destination once, many at the same time. readOnce of replies.ts reads what it prints. */
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
    ...(pages.length > 0 ? [counting(mark), together(mark)] : []),
    ...inGroups(pages).map((group) => `together ${group.join(' ')}`),
    ...inGroups(others).flatMap((group) => [...group, 'wait']),
  ].join('\n');
}

function inGroups(lines: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(lines.length / atOnce) }, (_, group) =>
    lines.slice(group * atOnce, (group + 1) * atOnce),
  );
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
