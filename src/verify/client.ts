import { quote } from '../ssh/quote.ts';

/**
 * sh functions of a small client. `get HOST ADDRESS PORT PATH` prints the head of the answer to one HTTP request on a
 * connection of its own (HOST is the address as a URL has it), at most 5 seconds; `dial ADDRESS PORT` connects and hangs up,
 * at most 3. They fail when nothing answers, with 127 when the host has neither program. bash is on every Debian, curl is not;
 * curl is asked to follow neither a proxy nor a .curlrc of the person who runs it, and bash, which reads .bashrc where its
 * standard input is a socket, no .bashrc.
 */
const client = String.raw`
if command -v curl >/dev/null 2>&1; then
  get() {
    curl -q -s -S -g -o /dev/null -D - --noproxy '*' --connect-timeout 2 --max-time 5 -A lvsctl -- "http://$1:$3$4"
  }
elif command -v bash >/dev/null 2>&1; then
  get() {
    timeout 5 bash --norc -c 'exec 3<>"/dev/tcp/$1/$2" || exit 7
      printf "GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: lvsctl\r\n\r\n" "$3" "$0" >&3
      lines=0
      while [ $lines -lt 100 ] && IFS= read -r line <&3; do
        case "$line" in ""|?) break ;; esac
        printf "%s\n" "$line"
        lines=$((lines + 1))
      done
      [ $lines -gt 0 ] || { echo "no answer"; exit 52; }' "$1" "$2" "$3" "$4"
  }
else
  get() { echo 'neither curl nor bash is there'; return 127; }
fi
if command -v bash >/dev/null 2>&1; then
  dial() { timeout 3 bash --norc -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2"; }
elif command -v nc >/dev/null 2>&1; then
  dial() { nc -z -w 3 "$1" "$2"; }
else
  dial() { echo 'neither bash nor nc is there'; return 127; }
fi
`;

/** Where to and how: HTTP when there is a path, else a connection alone. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  /** URL path. */
  readonly path: string | undefined;
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

/** After so many failures one after the other the rest is not tried: it would only take time. */
const givesUpAfter = 3;

/**
 * sh that sends `count` requests to each destination, one after the other. `mark` begins the lines that a server must not be
 * able to forge. {@link readSeries} reads what it prints.
 */
export function series(destinations: readonly Destination[], count: number, mark: string): string {
  return [
    client,
    `series() {
  printf '\\n${mark} series\\n'
  sent=0
  bad=0
  while [ $sent -lt ${count} ] && [ $bad -lt ${givesUpAfter} ]; do
    sent=$((sent + 1))
    "$@" 2>&1
    code=$?
    printf '\\n${mark} exit %s\\n' $code
    if [ $code -eq 0 ]; then bad=0; else bad=$((bad + 1)); fi
  done
}`,
    ...destinations.map((one) => `series ${command(one)}`),
  ].join('\n');
}

/** How many are asked at once: each may take its whole time when nothing answers. */
const atOnce = 20;

/** sh that asks each destination once, many at the same time. {@link readOnce} reads what it prints. */
export function once(destinations: readonly Destination[], mark: string): string {
  const lines = destinations.map((one, index) => `once ${index} ${command(one)} &`);
  const groups: string[] = [];
  for (let at = 0; at < lines.length; at += atOnce) groups.push(...lines.slice(at, at + atOnce), 'wait');
  return [
    client,
    `once() {
  number=$1
  shift
  said=$("$@" 2>&1)
  code=$?
  printf '\\n${mark} once %s\\n%.200s\\n${mark} exit %s\\n' "$number" "$said" $code
}`,
    ...groups,
  ].join('\n');
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

function command({ address, port, path }: Destination): string {
  if (path === undefined) return `dial ${quote(address)} ${port}`;
  return `get ${quote(urlHost(address))} ${quote(address)} ${port} ${quote(path)}`;
}

/** An address as it stands in a URL. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
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
    replies.push({ exit, status: status === undefined ? undefined : Number(status), server, complaint });
  }
  return replies;
}
