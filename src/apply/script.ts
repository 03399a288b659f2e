import type { Step } from '../resources/resource.ts';
import type { Stage } from '../roles/role.ts';
import { printable, printableLine } from '../ssh/printable.ts';
import { quote } from '../ssh/quote.ts';
import type { Holder } from './lock.ts';
import { runFolder, stageFolder } from './run-folder.ts';
import { undoFile } from './undo.ts';
import { arming, watchdogFile } from './watchdog.ts';

/** What the script tells while it runs; `stage` is the position of a stage in its run, `step` the index in its list of steps. */
export type Progress =
  | { readonly type: 'refused' }
  | { readonly type: 'start' | 'ok'; readonly step: number }
  | { readonly type: 'failed'; readonly step: number; readonly code: number }
  | { readonly type: 'undone' | 'settled'; readonly stage: number; readonly step: number; readonly code: number }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'end' };

/** Which stage of which run a script does. */
export interface StageOfRun {
  readonly holder: Holder;
  /** Its name, for the host's log; a drill breaks things as a stage changes them, so that the host can take them back. */
  readonly stage: Stage | 'drill';
  /** Position of the stage among those of the run, 0 to 99. */
  readonly position: number;
  /** Seconds that a fresh connection has to confirm the stage after its end; undefined: nobody has to. See watchdog.ts. */
  readonly confirmWithin?: number | undefined;
}

/**
 * The script that does a host's steps of one stage, one after the other. When one fails, everything that the run has changed on the
 * host is undone: what the failed step got done, the steps before it in reverse order, and the run's earlier stages; the services
 * concerned take up again what was put back.
 */
export function applyScript(
  steps: readonly Step[],
  nonce: string,
  { holder, stage, position, confirmWithin }: StageOfRun,
): string {
  const { run } = holder;
  const folder = stageFolder(run, position);
  const task = `stage ${stage}, ${steps.length === 1 ? '1 step' : `${steps.length} steps`}: ${named(steps)}`;
  const functions = steps.map(
    (step, index) => `do_${index}() {\n${[...noted(step), step.sh, ...forgotten(step)].join('\n')}\n}`,
  );
  return [
    `nonce=${nonce}`,
    `run=${runFolder(run)}`,
    `work=${folder}`,
    `count=${steps.length}`,
    `task=${quote(task)}`,
    `tag=${quote(printableLine(`${run} of ${holder.by}, ${holder.command}:`))}`,
    `who=${quote(JSON.stringify(holder))}`,
    begin,
    file('undo', undoFile(steps, folder, position), nonce),
    ...(confirmWithin === undefined ? [] : [file('watchdog', watchdogFile(run, folder, confirmWithin), nonce)]),
    enter,
    arming,
    ...functions,
    body,
  ].join('\n');
}

/** What is changed, each thing once, for a line of a log; long lists are cut. */
function named(steps: readonly Step[]): string {
  const all = [...new Set(steps.map(({ resource }) => resource))];
  const few = all.slice(0, 20).join(', ');
  return printable(all.length > 20 ? `${few} and ${all.length - 20} more` : few).replaceAll('\n', ' ');
}

/** The entry is there before the change is: what breaks off half-way can be found by it. */
function noted({ remembers }: Step): string[] {
  if (remembers === undefined) return [];
  const { id, text, original } = remembers;
  return [['remember', id, quote(text), quote(original ?? '')].join(' ')];
}

function forgotten({ forgets = [] }: Step): string[] {
  return forgets.length === 0 ? [] : [`forget ${forgets.join(' ')}`];
}

/** Writes a file of the stage, or ends; nothing in it is looked at. The nonce is not in it: it ends it. */
function file(name: string, content: string, nonce: string): string {
  return `cat 2>&1 >"$work/${name}" <<'end-${nonce}' || refuse\n${content}\nend-${nonce}`;
}

const begin = String.raw`
exec 3>&1
refuse() { printf '\n%s refused\n' "$nonce" >&3; exit 1; }
{ [ ! -e "$work" ] && mkdir -p -m 0700 /var/lib/lvsctl "$run" "$work" "$work/forgotten" && chmod 0700 /var/lib/lvsctl && printf '%s\n' "$who" >"$run/who" && printf '%s\n' "$tag" >"$run/tag"; } 2>&1 || refuse
`;

// `set -e` is without effect in conditions and before && and ||: the steps run outside of any.
const enter = String.raw`
{ . "$work/undo" && me >"$work/busy"; } 2>&1 || refuse
[ ! -e "$manifest" ] || : >"$run/manifest"
`;

const body = String.raw`
# SIGTERM ends the step that runs, and what was done is undone; a reader that went away ends nothing.
trap : TERM
trap '' PIPE HUP
[ ! -e "$work/watchdog" ] || arm
record "begins $task"
step=0
code=0
while [ $step -lt $count ]; do
  echo $step 2>&1 >"$work/at" || { say failed $step 1; code=1; break; }
  say start $step
  in_step do
  code=$?
  [ $code -eq 0 ] || { say failed $step $code; break; }
  say ok $step
  step=$((step + 1))
done
if [ $code -eq 0 ]; then
  catch_up end </dev/null 2>&1 || { code=$?; step=$((count - 1)); say failed $step $code; }
fi
if [ $code -eq 0 ]; then
  record "has done $task"
else
  take_back
  rm -f -- "$work/armed"
  record "failed in $task, step $((step + 1)), and took back what it had changed"
fi
rm -f -- "$work/busy"
say end
[ $code -eq 0 ]
`;

/** Reads a line of the script's output; undefined: it is output of the step that runs. */
export function readProgress(line: string, nonce: string): Progress | undefined {
  if (!line.startsWith(`${nonce} `)) return undefined;
  const [, type, rest = ''] = /^(\w+)(?: (.*))?$/.exec(line.slice(nonce.length + 1)) ?? [];
  const [first = -1, second = 0, third = 0] = rest.split(' ').map(Number);
  switch (type) {
    case 'start':
    case 'ok':
      return { type, step: first };
    case 'failed':
      return { type, step: first, code: second };
    case 'undone':
    case 'settled':
      return { type, stage: first, step: second, code: third };
    case 'note':
      return { type, text: rest };
    case 'refused':
    case 'end':
      return { type };
    default:
      return undefined;
  }
}
