import { quote } from '../ssh/quote.ts';
import { runFolder, stageFolder, type RunId } from './run-folder.ts';
import { takingBack } from './undo.ts';

/**
 * The sh file of a host's watchdog for one stage. It waits until the stage's script is over and then for `seconds`; when nobody has
 * taken the stage's `armed` away by then, it undoes the run. Whoever renames `armed` first has it: the watchdog or the confirmation.
 */
export function watchdogFile(run: RunId, folder: string, seconds: number): string {
  return [
    `run=${runFolder(run)}`,
    `work=${folder}`,
    `nonce=watchdog`,
    `left=${seconds}`,
    takingBack,
    String.raw`
exec 3>"$work/watchdog.log" >&3 2>&1 </dev/null
trap '' HUP PIPE
me >"$work/watching"
while [ $left -gt 0 ]; do
  [ -e "$work/armed" ] || exit 0
  # What is at work is looked at less often: its end is none of a confirmation.
  nap=2
  at_work "$work/busy" || { nap=1; left=$((left - 1)); }
  sleep $nap
done
mv -- "$work/armed" "$work/fired" 2>/dev/null || exit 0
me >"$run/taking-back"
take_back
: >"$run/taken-back"
rm -f -- "$run/taking-back"
record "took back what nobody had confirmed"
exit 0`,
  ].join('\n');
}

/**
 * The sh function `arm` of a stage's script: starts its watchdog apart from the connection, by systemd where it runs, so that neither the
 * end of the session nor of sshd ends it.
 */
export const arming = String.raw`
arm() {
  # Until the watchdog runs itself, this shell stands for it.
  me >"$work/watching"
  this_boot >"$work/armed"
  if [ -d /run/systemd/system ] && systemd-run --quiet --collect --unit="lvsctl-watchdog-${'$'}{run##*-}-$stage" \
    /bin/sh "$work/watchdog" >/dev/null 2>&1 3>&-; then
    :
  elif command -v setsid >/dev/null; then
    setsid /bin/sh "$work/watchdog" </dev/null >/dev/null 2>&1 3>&- &
  else
    /bin/sh "$work/watchdog" </dev/null >/dev/null 2>&1 3>&- &
  fi
}
`;

/** The script that confirms a stage, to be run over a connection made after it. It fails when the watchdog was first. */
export function confirmScript(run: RunId, position: number): string {
  const folder = quote(stageFolder(run, position));
  return `mv -- ${folder}/armed ${folder}/confirmed 2>/dev/null || [ -e ${folder}/confirmed ]`;
}
