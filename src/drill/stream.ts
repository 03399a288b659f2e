import { urlHost } from '../inventory/address.ts';
import { quote } from '../ssh/quote.ts';
import { client, requestOf, type Destination } from '../verify/client.ts';
import { readUptime } from './watch.ts';

/** Milliseconds after which a request has failed. TCP sends a lost first packet again after a second (RFC 6298 2.1): one that needed that is late. */
export const limit = 900;

/**
 * Requests to one service are sent by so many lanes in turn, each one after the other: one that hangs holds up its own lane alone, and there are so
 * many that the others keep the pace until it has failed.
 */
const lanes = 18;

/** Milliseconds between the beginnings of two requests of a lane, and so of all lanes together. */
const laneEvery = limit;
export const wishedInterval = laneEvery / lanes;

/**
 * sh that asks destinations all the time, each request on a connection of its own, for so many seconds or until nobody reads any more.
 * {@link readSample} reads its lines; times are the place's own /proc/uptime. A lane of pages is one curl that stays, where curl can
 * keep a pace (7.84 and later): starting a process for each request would cost more than the request. Elsewhere it is a loop of
 * the client that `verify` uses, as fast as the place starts processes.
 */
export function streamScript(destinations: readonly Destination[], mark: string, seconds: number): string {
  const count = Math.ceil((seconds * 1000) / laneEvery);
  const whole = Math.ceil(seconds);
  return [
    client,
    String.raw`
trap '' PIPE
now() { read -r up _ </proc/uptime; }
now 2>/dev/null && [ -n "$up" ] || { printf '${mark} unfit /proc/uptime is not there\n'; exit 0; }
stop_at=$((${'$'}{up%.*} + ${whole}))
told() { now; printf '${mark} sample %s %s %s %s %s\n' "$1" "$up" "$2" "$3" "$4" || exit 0; }
if command -v curl >/dev/null 2>&1 && curl -q --rate 1/s --version >/dev/null 2>&1; then
  pages() {
    curl -q -s -k -o /dev/null --noproxy '*' --connect-timeout ${limit / 1000} --max-time ${limit / 1000} \
      -H 'Connection: close' -A lvsctl --rate ${Math.round(60_000 / laneEvery)}/m --connect-to "::$3" \
      -w '%{stderr}%{exitcode} %{http_code} %{time_total}\n' -- "$2#[1-${count}]" 2>&1 >/dev/null |
      while read -r code status took; do told "$1" "$code" "$status" "$took"; done
  }
else
  pages() { return 1; }
fi
loop() {
  number=$1
  shift
  while now; [ "${'$'}{up%.*}" -lt $stop_at ]; do
    begun=$up
    said=$("$@" 2>&1)
    code=$?
    status=000
    case "$said" in *HTTP/*' '*) status=${'$'}{said#*HTTP/* }; status=${'$'}{status%%[!0-9]*} ;; esac
    told "$number" "$code" "${'$'}{status:-000}" "since:$begun"
    [ $code -ne 127 ] || { printf '${mark} unfit %.100s\n' "$said"; exit 0; }
    sleep ${laneEvery / 1000}
  done
}
now
printf '${mark} begun %s\n' "$up"`,
    'lane=0',
    `while [ $lane -lt ${lanes} ]; do`,
    ...destinations.map((one, index) => `  { ${lane(one, index)}; } &`),
    `  sleep ${wishedInterval / 1000}`,
    '  lane=$((lane + 1))',
    'done',
    // Who hangs up is not told to a process that has nothing to print: the main one prints now and then, and ends the others.
    `while now; [ "\${up%.*}" -lt $stop_at ]; do printf '${mark} on\\n' || break; sleep 0.5; done`,
    'kill -TERM 0',
  ].join('\n');
}

/** One lane: curl where it can, else the loop. */
function lane(destination: Destination, index: number): string {
  const loop = `loop ${index} ${requestOf(destination)}`;
  const { address, port, asking } = destination;
  if (asking.by !== 'page') return loop;
  const { scheme, host, path } = asking;
  // What is between brackets and braces would be several pages to curl; a fragment, of which there are many here, is not sent.
  const url = `${scheme}://${host ?? urlHost(address)}:${port}${path.replace(/[[\]{}\\]/g, '\\$&')}`;
  return `pages ${index} ${quote(url)} ${quote(`${urlHost(address)}:${port}`)} || ${loop}`;
}

/** A request as its place tells of it. */
export interface RawSample {
  /** Index of the destination. */
  readonly destination: number;
  /** Seconds of the place's uptime. */
  readonly began: number;
  readonly ended: number;
  /** 0: it came to its end. */
  readonly exit: number;
  /** HTTP status, 0 where there was none. */
  readonly status: number;
}

/** What a line of {@link streamScript} tells. */
export type StreamWord =
  | { readonly type: 'begun'; readonly at: number }
  | { readonly type: 'sample'; readonly sample: RawSample }
  /** The place cannot send requests, and why. Raw. */
  | { readonly type: 'unfit'; readonly why: string };

/** Reads a line; undefined: it is none of the script's. */
export function readStreamLine(line: string, mark: string): StreamWord | undefined {
  const [word, type, ...rest] = line.split(' ');
  if (word !== mark) return undefined;
  if (type === 'unfit') return { type, why: rest.join(' ') };
  if (type === 'begun') {
    const at = readUptime(rest[0] ?? '');
    return at === undefined ? undefined : { type, at };
  }
  if (type !== 'sample') return undefined;
  const [destination = '', up = '', exit = '', status = '', took = ''] = rest;
  const ended = readUptime(up);
  const since = took.startsWith('since:') ? readUptime(took.slice(6)) : undefined;
  const lasted = since === undefined ? readUptime(took) : (ended ?? 0) - since;
  if (ended === undefined || lasted === undefined || lasted < 0 || lasted > ended) return undefined;
  if (!/^\d{1,3}$/.test(destination) || !/^\d{1,3}$/.test(exit) || !/^\d{1,3}$/.test(status)) return undefined;
  return {
    type,
    sample: {
      destination: Number(destination),
      began: ended - lasted,
      ended,
      exit: Number(exit),
      status: Number(status),
    },
  };
}
