import type { Step } from '../resources/resource.ts';
import { quote } from '../ssh/quote.ts';
import { prelude } from './prelude.ts';

/** What the script tells while it runs; `step` is the index in the list of steps. */
export type Progress =
  | { readonly type: 'refused' }
  | { readonly type: 'start' | 'ok'; readonly step: number }
  | { readonly type: 'failed' | 'undone' | 'settled'; readonly step: number; readonly code: number }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'end' };

/**
 * The script that does a host's steps of one stage, one after the other. When one fails, the ones before it and what the
 * failed one got done are undone in reverse order, and the services concerned take up again what was put back.
 */
export function applyScript(steps: readonly Step[], nonce: string): string {
  const functions = steps.flatMap((step, index) => [
    `do_${index}() {\n${[...noted(step), step.sh, ...forgotten(step, 'forget')].join('\n')}\n}`,
    ...undoing(step, index),
    ...(step.settle === undefined ? [] : [`settle_${index}() {\n${step.settle}\n}`]),
  ]);
  const settling = steps.flatMap((step, index) => (step.settle === undefined ? [] : [index]));
  return [
    `nonce=${nonce}`,
    `count=${steps.length}`,
    `settling='${settling.join(' ')}'`,
    prelude,
    ...functions,
    body,
  ].join('\n');
}

/** The entry is there before the change is: what breaks off half-way can be found by it. */
function noted({ remembers }: Step): string[] {
  if (remembers === undefined) return [];
  const { id, text, original } = remembers;
  return [['remember', id, quote(text), quote(original ?? '')].join(' ')];
}

function forgotten({ forgets = [] }: Step, verb: 'forget' | 'unforget'): string[] {
  return forgets.map((id) => `${verb} ${id}`);
}

/** A step that cannot be undone stays in the manifest. The undo is a function of its own: it may return. */
function undoing(step: Step, index: number): string[] {
  const after = step.undo === undefined || step.remembers === undefined ? [] : [`unremember ${step.remembers.id}`];
  const calls = [...forgotten(step, 'unforget'), `put_back_${index}`, ...after];
  return [`put_back_${index}() {\n${step.undo ?? ':'}\n}`, `undo_${index}() {\n${calls.join('\n')}\n}`];
}

// `set -e` is without effect in conditions and before && and ||: the steps run outside of any.
const body = String.raw`
say() { printf '\n%s %s\n' "$nonce" "$*" >&3; }
# Where nothing of ours is left, nothing says that we were here.
leave() {
  set -- "$work"/*.fresh
  [ ! -e "$1" ] || known=1
  rm -rf -- "$work"
  set -- "$manifest"/*/entry
  [ -e "$1" ] || rm -f -- "$manifest/folders"
  rmdir -- "$manifest" 2>/dev/null
  [ -z "$known" ] || [ -e "$manifest" ] || { rm -rf /run/lvsctl/loaded && rmdir /run/lvsctl; } 2>/dev/null
  rmdir -- /var/lib/lvsctl 2>/dev/null
}
known=
[ ! -e "$manifest" ] || known=1
exec 3>&1
{ mkdir -p /var/lib/lvsctl && chmod 0700 /var/lib/lvsctl && work=$(mktemp -d /var/lib/lvsctl/run.XXXXXXXX); } 2>&1 || { say refused; exit 1; }
trap 'leave' EXIT
# SIGTERM ends the step that runs, and what was done is undone; a reader that went away ends nothing.
trap : TERM
trap '' PIPE HUP
step=0
code=0
while [ $step -lt $count ]; do
  say start $step
  ( set -e; new=; trap '[ -z "$new" ] || rm -f -- "$new"' EXIT; "do_$step" ) </dev/null 2>&1
  code=$?
  [ $code -eq 0 ] || break
  say ok $step
  step=$((step + 1))
done
if [ $code -ne 0 ]; then
  failed=$step
  say failed $failed $code
  while [ $step -ge 0 ]; do
    ( set -e; new=; trap '[ -z "$new" ] || rm -f -- "$new"' EXIT; "undo_$step" ) </dev/null 2>&1
    say undone $step $?
    step=$((step - 1))
  done
  for step in $settling; do
    [ $step -le $failed ] || break
    ( set -e; "settle_$step" ) </dev/null 2>&1
    say settled $step $?
  done
fi
say end
[ $code -eq 0 ]
`;

/** Reads a line of the script's output; undefined: it is output of the step that runs. */
export function readProgress(line: string, nonce: string): Progress | undefined {
  if (!line.startsWith(`${nonce} `)) return undefined;
  const [, type, rest = ''] = /^(\w+)(?: (.*))?$/.exec(line.slice(nonce.length + 1)) ?? [];
  const [step = -1, code = 0] = rest.split(' ').map(Number);
  switch (type) {
    case 'start':
    case 'ok':
      return { type, step };
    case 'failed':
    case 'undone':
    case 'settled':
      return { type, step, code };
    case 'note':
      return { type, text: rest };
    case 'refused':
    case 'end':
      return { type };
    default:
      return undefined;
  }
}
