import { manifestFolder } from '../manifest/entry-id.ts';
import type { Step } from '../resources/resource.ts';
import { prelude } from './prelude.ts';
import { runFolder, type RunId } from './run-folder.ts';

/**
 * The sh functions that undo a run on its host, for a shell that has `$run` (the run's folder) and, to tell of it, `$nonce` and
 * file descriptor 3.
 *
 * - `take_back` undoes every stage of the run, the newest first: in each the step that was begun last and those before it in
 *   reverse order, then the services concerned take up again what was put back. What is undone once is not undone again.
 * - `me` prints this process as `PID STARTED`, the start time against reused numbers (proc_pid_stat(5), field 22); `alive PID STARTED`
 *   tells whether it still runs, `at_work FILE` whether the one does that FILE names.
 * - `record TEXT` writes a line into the host's own log of what lvsctl did and into its journal, with who is behind the run.
 * - `busy RUN` tells whether anything of a run is at work: a stage, an undo, a watchdog that is armed.
 * - `sweep RUN` removes a run's folder, and before it the temporary files that it names, and does what it had put off: a killed shell
 *   left them.
 * - `leave` removes the run's folder, and what would only say that lvsctl was here where nothing of it is left.
 */
export const takingBack = String.raw`
manifest=${manifestFolder}
say() { printf '\n%s %s\n' "$nonce" "$*" >&3; }

record() {
  tag=
  { read -r tag <"$run/tag"; } 2>/dev/null
  said="$(date -u +%Y-%m-%dT%H:%M:%SZ) run $tag $*"
  { [ -e /var/log/lvsctl.log ] || ( umask 077; : >>/var/log/lvsctl.log ); printf '%s\n' "$said" >>/var/log/lvsctl.log; } 2>/dev/null
  logger -t lvsctl -- "$said" 2>/dev/null
  :
}

in_step() { ( set -e; new=; trap '[ -z "$new" ] || rm -f -- "$new"' EXIT; "$1_$step" ) </dev/null 2>&1; }

take_back_stage() {
  trap '' TERM
  failed=$step
  while [ $step -ge 0 ]; do
    in_step undo
    say undone $stage $step $?
    step=$((step - 1))
  done
  for step in $settling; do
    [ $step -le $failed ] || break
    in_step settle
    say settled $stage $step $?
  done
  catch_up end </dev/null >/dev/null 2>&1
}

take_back() {
  for folder in $(ls -rd "$run"/[0-9][0-9] 2>/dev/null); do
    [ -e "$folder/undo" ] || continue
    ( step=-1; [ ! -e "$folder/at" ] || read -r step <"$folder/at"; . "$folder/undo"; take_back_stage )
    mv -- "$folder/undo" "$folder/undone"
  done
}

me() { read -r self <"/proc/$$/stat" && set -- $self && printf '%s %s\n' $$ "${'$'}{22}"; }

alive() {
  { read -r self <"/proc/${'$'}{1:-none}/stat"; } 2>/dev/null || return 1
  set -- "$2" $self
  [ "$1" = "${'$'}{23}" ]
}

at_work() { { read -r one began <"$1"; } 2>/dev/null && alive "$one" "$began"; }

this_boot() { line=; { read -r line </proc/sys/kernel/random/boot_id; } 2>/dev/null; printf '%s\n' "$line"; }

# No watchdog outlives a reboot: it is armed for the boot it says, and as long as it runs.
armed() { [ -e "$1" ] && [ "$(cat -- "$1" 2>/dev/null)" = "$(this_boot)" ] && at_work "${'$'}{1%/*}/watching"; }

# A stage that could still be undone by its watchdog is at work as well.
busy() {
  for one in "$1"/[0-9][0-9]/busy "$1/taking-back"; do at_work "$one" && return 0; done
  for one in "$1"/[0-9][0-9]/armed; do ! armed "$one" || return 0; done
  return 1
}

sweep() {
  while read -r one; do [ ! -e "$one" ] && [ ! -L "$one" ] || rm -f -- "$one"; done 2>/dev/null <"$1/temporary"
  [ ! -s "$1/reread" ] || sh "$1/reread" </dev/null >/dev/null 2>&1
  rm -rf -- "$1"
}

leave() {
  known=
  for mark in "$run/manifest" "$run"/*/*.fresh; do [ ! -e "$mark" ] || known=1; done
  sweep "$run"
  set -- "$manifest"/*/entry
  [ ! -e "$1" ] || return 0
  rm -f -- "$manifest/folders"
  rmdir -- "$manifest" 2>/dev/null
  [ -z "$known" ] || [ -e "$manifest" ] || { rm -rf /run/lvsctl/loaded && rmdir /run/lvsctl; } 2>/dev/null
  rmdir -- /var/lib/lvsctl 2>/dev/null
  return 0
}
`;

/**
 * What a stage keeps on its host, as a file that is read by `.`: how each of its steps is undone. It is there before the first step
 * is begun, so that the host can undo by itself whatever becomes of the connection.
 */
export function undoFile(steps: readonly Step[], folder: string, position: number): string {
  const functions = steps.flatMap((step, index) => [
    ...undoing(step, index),
    ...(step.settle === undefined ? [] : [`settle_${index}() {\n${step.settle}\n}`]),
  ]);
  const settling = steps.flatMap((step, index) => (step.settle === undefined ? [] : [index]));
  return [
    `stage=${position}`,
    `work=${folder}`,
    `settling='${settling.join(' ')}'`,
    prelude,
    takingBack,
    ...functions,
  ].join('\n');
}

/** A step that cannot be undone stays in the manifest. The undo is a function of its own: it may return. */
function undoing(step: Step, index: number): string[] {
  const after = step.undo === undefined || step.remembers === undefined ? [] : [`unremember ${step.remembers.id}`];
  const calls = [...unforgetting(step), `put_back_${index}`, ...after];
  return [`put_back_${index}() {\n${step.undo ?? ':'}\n}`, `undo_${index}() {\n${calls.join('\n')}\n}`];
}

function unforgetting({ forgets = [] }: Step): string[] {
  return forgets.length === 0 ? [] : [`unforget ${forgets.join(' ')}`];
}

/**
 * The script that undoes a run on its host at the operator's wish; it tells of it as a stage's script does. What is at work there ends
 * first; exit code 75: it did not. What the run kept is removed then.
 */
export function takeBackScript(run: RunId, nonce: string): string {
  return [`nonce=${nonce}`, `run=${runFolder(run)}`, 'exec 3>&1', takingBack, takeBackNow].join('\n');
}

const takeBackNow = String.raw`
for one in "$run"/[0-9][0-9]/armed; do mv -- "$one" "${'$'}{one%/*}/confirmed" 2>/dev/null; done
left=150
while busy "$run"; do
  [ $left -gt 0 ] || exit 75
  left=$((left - 1))
  sleep 1
done
if [ -e "$run/taken-back" ]; then
  sed -n "s/^watchdog /$nonce /p" "$run"/[0-9][0-9]/watchdog.log
else
  take_back
  record "took back what it had changed"
fi
say end
leave
`;

/** The script that ends a run on its host: nothing of it can be undone any more, and what it kept for that is removed. */
export function finishScript(run: RunId): string {
  return [`run=${runFolder(run)}`, takingBack, 'leave'].join('\n');
}
