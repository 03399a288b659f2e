import * as z from 'zod';
import { quote } from '../ssh/quote.ts';
import { runFolder, stateFolder, type RunId } from './run-folder.ts';
import { takingBack } from './undo.ts';

/** Who holds a host, or whose run broke off on it. */
export interface Holder {
  readonly run: RunId;
  /** `user@machine` of the operator. */
  readonly by: string;
  /** Process of lvsctl on that machine. */
  readonly pid: number;
  /** What was asked for, without its arguments' values: `apply`, `drain web1`. */
  readonly command: string;
  /** ISO 8601, by the operator's clock. */
  readonly since: string;
}

/** A run that came to no end on a host. */
export interface BrokenOff {
  readonly holder: Holder | undefined;
  /** What the host did about it: `taken-back`, its watchdog undid the run; `left`, what was done stays. */
  readonly state: 'left' | 'taken-back';
}

/** What the lock's script tells. */
export type LockWord =
  | { readonly type: 'locked' }
  | { readonly type: 'refused' }
  /** The lock is had, but a stage or an undo of an earlier run is still at work. */
  | { readonly type: 'at-work' }
  /** The holder cannot be at work any more: the lock was taken over. */
  | { readonly type: 'took-over'; readonly holder: Holder | undefined }
  | { readonly type: 'held'; readonly holder: Holder | undefined }
  | { readonly type: 'broken-off'; readonly run: BrokenOff }
  /** Somebody broke the lock. */
  | { readonly type: 'lost' };

/** In memory, so that no lock outlives a reboot. */
const lockFolder = '/run/lvsctl';
/** The lock of a host. */
export const lockPath = `${lockFolder}/lock`;

/** Seconds between the signs of life of an operator's side; a holder that was silent for {@link silence} is gone. */
export const beatEvery = 15;

/** Seconds, see {@link beatEvery}: longer than a few beats over a bad line. */
const silence = 45;

/** Seconds between two looks of a keeper at its lock and its connection; to be told that it is over, it waits for neither. */
const lookEvery = 3;

/**
 * The script that takes a host's lock and keeps it for as long as its channel is open. The lock is a file that is complete when it
 * appears (link(2) refuses to replace): a line about the holder, a line about the keeping process. A lock whose keeper does not run
 * is nobody's. When the connection ends, or its other side is silent, the keeper waits for what is still at work on the host (a
 * stage that has begun, a watchdog), then gives the lock back.
 */
export function keepLockScript(holder: Holder, nonce: string): string {
  return [
    `nonce=${nonce}`,
    `id=${holder.run}`,
    `who=${quote(JSON.stringify(holder))}`,
    `lock=${lockPath}`,
    `silence=${silence}`,
    `run=${runFolder(holder.run)}`,
    'exec 3>&1',
    takingBack,
    keep,
  ].join('\n');
}

const keep = String.raw`
umask 077
mine=$lock.$id
first_line() { line=; { read -r line <"$1"; } 2>/dev/null; printf '%s' "$line"; }
keeper_lives() { { read -r line && read -r one began; } 2>/dev/null <"$lock" && alive "$one" "$began"; }
take() { ln "$mine" "$lock" 2>/dev/null; }
# Only one at a time takes over, and looks again when it is alone.
take_over() {
  dead=
  [ -e "$lock" ] || { take; return; }
  ! keeper_lives && mkdir "$lock.taking" 2>/dev/null || return 1
  dead=$(first_line "$lock")
  taken=1
  keeper_lives || { mv -f -- "$mine" "$lock"; taken=$?; }
  rmdir "$lock.taking"
  return $taken
}
{ { [ -d ${lockFolder} ] || mkdir -p ${lockFolder}; } && { printf '%s\n' "$who"; me; } >"$mine"; } 2>&1 || { say refused; exit 1; }
over=
trap 'over=1' TERM
trap '' PIPE HUP
if take; then
  :
elif take_over; then
  [ -z "$dead" ] || say took-over "$dead"
else
  say held "$(first_line "$lock")"
  rm -f -- "$mine"
  rmdir ${lockFolder} 2>/dev/null
  exit 75
fi
rm -f -- "$mine"
holds() { line=; { read -r line <"$lock"; } 2>/dev/null; [ "$line" = "$who" ]; }
give_back() {
  ! holds || rm -f -- "$lock"
  [ ! -e "$mine.beat" ] || rm -f -- "$mine.beat"
  rmdir ${lockFolder} 2>/dev/null
  exit "$1"
}
for folder in ${stateFolder}/run-*; do
  [ -d "$folder" ] || continue
  waits=
  while busy "$folder"; do
    [ -z "$over" ] || give_back 1
    [ -n "$waits" ] || say at-work
    waits=1
    printf '\n' >&3
    sleep 1
  done </dev/null
  state=left
  [ ! -e "$folder/taken-back" ] || state=taken-back
  say broken-off $state "$(first_line "$folder/who")"
  sweep "$folder"
done
say locked
read -r heard _ </proc/uptime
while [ -z "$over" ]; do
  sleep ${lookEvery} >/dev/null 2>&1 3>&- &
  wait $!
  holds || { say lost; exit 1; }
  printf '\n' >&3 2>/dev/null || break
  read -r now _ </proc/uptime
  [ ! -e "$mine.beat" ] || { heard=$now; rm -f -- "$mine.beat"; }
  [ $((${'$'}{now%.*} - ${'$'}{heard%.*})) -lt $silence ] || break
done
exec >/dev/null 2>&1 3>&1
while busy "$run"; do sleep 1; done
give_back 0
`;

/** The sign of life, to be given every {@link beatEvery} seconds. */
export function beatScript(run: RunId): string {
  return `[ ! -e ${lockPath} ] || : >${lockPath}.${run}.beat`;
}

/** The script that gives a lock back at once and ends its keeper. */
export function releaseScript({ run }: Pick<Holder, 'run'>): string {
  return breaking(`case "$line" in *${quote(`"run":"${run}"`)}*) ;; *) exit 0 ;; esac`);
}

/**
 * The script of `unlock`: it breaks the lock whoever holds it, and prints the holder; exit code 75: a stage of that run is still at work.
 */
export const breakScript = breaking(String.raw`printf '%s\n' "$line"
for folder in ${stateFolder}/run-*; do ! busy "$folder" || exit 75; done`);

function breaking(condition: string): string {
  return [
    takingBack,
    `lock=${lockPath}`,
    '{ read -r line && read -r keeper began; } 2>/dev/null <"$lock" || exit 0',
    condition,
    'rm -f -- "$lock" "$lock".*.beat',
    '! alive "$keeper" "$began" || kill -TERM "$keeper"',
    `rmdir "$lock.taking" ${lockFolder} 2>/dev/null`,
    'exit 0',
  ].join('\n');
}

/** Reads a line of the lock's script; undefined: it is none of its words. */
export function readLockWord(line: string, nonce: string): LockWord | undefined {
  const [word, type, rest = ''] = /^(\S+) ([a-z-]+)(?: (.*))?$/.exec(line)?.slice(1) ?? [];
  if (word !== nonce) return undefined;
  switch (type) {
    case 'locked':
    case 'refused':
    case 'at-work':
    case 'lost':
      return { type };
    case 'held':
    case 'took-over':
      return { type, holder: readHolder(rest) };
    case 'broken-off':
      return { type, run: readBrokenOff(rest) };
    default:
      return undefined;
  }
}

/** Reads `STATE HOLDER` of a run that broke off. */
export function readBrokenOff(text: string): BrokenOff {
  const [state = '', who = ''] = /^(\S+) ?(.*)$/.exec(text)?.slice(1) ?? [];
  return { state: state === 'taken-back' ? 'taken-back' : 'left', holder: readHolder(who) };
}

const holderSchema = z.object({
  run: z.string().regex(/^[0-9a-f]{16}$/),
  by: z.string().max(200),
  pid: z.number().int().nonnegative(),
  command: z.string().max(200),
  since: z.string().max(40),
});

/** A holder as a host tells of it; undefined: it makes no sense. What it says is shown to people only. */
export function readHolder(line: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
