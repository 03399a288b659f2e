/**
 * The sh functions that steps may use. `$run` is the folder of this run, which only root can read, `$work` the stage's folder in it,
 * `$step` the step's number.
 *
 * - `keep PATH` notes what is at PATH, so that `put_back PATH` in the same step's undo restores it: content, owner, mode,
 *   times, or its absence. A step that never got as far as `keep` has nothing to put back. It refuses a folder with something
 *   in it: that is for a person to move.
 * - `new PATH` makes an empty file beside PATH, unguessable and 0600 before it has content, and sets `$new` to it. Its name is on
 *   the disk before it is, so that what a power cut leaves is found and removed.
 * - `clear_away PATH` removes what is at PATH, a folder only when it is empty.
 * - `swap PATH MODE OWNER:GROUP` puts `$new` in the place of PATH: complete on the disk first, then renamed.
 * - `patiently SECONDS COMMAND…` repeats a command until it succeeds.
 * - `make_folder PATH [MODE]` makes a folder with its parents and notes which of them were not there; `drop_folder PATH` takes
 *   those away again, from PATH upwards, as far as they are empty; `$stays` is PATH if it is not.
 * - `remember ID ENTRY [PATH]` writes an entry of the manifest, and keeps what is at PATH when the entry is new, both on the disk
 *   before the change is: after a power cut it is known whose it is. `unremember ID` in the same step's undo takes that back.
 *   `forget ID…` takes entries away, `unforget ID…` puts them back.
 * - `restore_original PATH ID` puts what the entry kept in the place of PATH.
 * - `put_off WHEN COMMAND` notes how the service manager reads its own files anew, however many steps want it: `WHEN` is `start`, before
 *   the next service starts, or `end`, at the end of the stage. `catch_up WHEN` does it, if it is due by then.
 * - `note TEXT` tells the operator something at once.
 * - `await_apt_lock` waits until no other package manager is at work.
 */
export const prelude = String.raw`
nl='
'
count_new=0
noted_for=

note() { printf '\n%s note %s\n' "$nonce" "$*" >&3; }

keep() {
  if is_folder "$1" && [ -n "$(ls -A -- "$1")" ]; then
    echo "$1 is a folder that is not empty: move it out of the way first"
    return 1
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then
    cp -a -- "$1" "$work/$step.kept" && : >"$work/$step.whole"
  else
    : >"$work/$step.absent"
  fi
}

put_back() {
  if [ -e "$work/$step.absent" ]; then
    clear_away "$1"
  elif is_folder "$work/$step.kept" && is_folder "$1"; then
    :
  elif [ -e "$work/$step.whole" ]; then
    new "$1"
    rm -f -- "$new"
    cp -a -- "$work/$step.kept" "$new"
    take_place "$1"
  fi
}

is_folder() { [ -d "$1" ] && [ ! -L "$1" ]; }

clear_away() {
  if is_folder "$1"; then rmdir -- "$1"; else rm -f -- "$1"; fi
}

# Notes the name of the next file that new makes beside a path; to be synced before it is made.
note_new() {
  case "$1" in */*) folder=${'$'}{1%/*} ;; *) folder=. ;; esac
  noted="$folder/.lvsctl.${'$'}{run##*-}.${'$'}{stage}.$step.$((count_new + 1))"
  printf '%s\n' "$noted" >>"$run/temporary"
}

new() {
  if [ "$noted_for" = "$1" ]; then
    noted_for=
  else
    note_new "$1"
    sync "$run/temporary"
  fi
  count_new=$((count_new + 1))
  new=$noted
  # Of a step that was killed, its undo finds what it had begun.
  { [ ! -e "$new" ] && [ ! -L "$new" ]; } || clear_away "$new"
  ( set -C; umask 077; : >"$new" )
}

make_folder() {
  missing=
  folder=$1
  while [ ! -e "$folder" ]; do
    missing="$folder$nl$missing"
    folder=${'$'}{folder%/*}
    [ -n "$folder" ] || break
  done
  if [ -z "$missing" ]; then
    # Refuses what is no folder.
    [ -d "$1" ] || mkdir -- "$1"
    return
  fi
  mkdir -p ${'$'}{2:+-m "$2"} -- "$1"
  [ -d "$manifest" ] || mkdir -p "$manifest"
  printf '%s' "$missing" >>"$manifest/folders"
}

drop_folder() {
  folder=$1
  stays=
  while [ -n "$folder" ] && ours_but "$folder"; do
    if is_folder "$folder" && ! rmdir -- "$folder" 2>/dev/null; then
      # What is above it may be the folder of others; what is in it is somebody's.
      [ "$folder" = "$1" ] || return 0
      stays=$folder
      note "$folder stays: there is something in it"
    fi
    printf '%s' "$others" >"$manifest/folders"
    folder=${'$'}{folder%/*}
  done
}

# Whether make_folder noted a folder; sets $others to those that it noted besides.
ours_but() {
  ours=1
  others=
  [ -e "$manifest/folders" ] || return 1
  while IFS= read -r one; do
    if [ "$one" = "$1" ]; then ours=0; else others="$others$one$nl"; fi
  done <"$manifest/folders"
  return $ours
}

remember() {
  entry="$manifest/$1/entry"
  original=
  if [ -e "$entry" ]; then
    cp -- "$entry" "$work/$step.entry"
  else
    [ ! -e "$manifest/$1" ] || rm -rf -- "$manifest/$1"
    : >"$work/$step.fresh"
    mkdir -p "$manifest/$1"
    if [ -n "$3" ] && { [ -e "$3" ] || [ -L "$3" ]; } && { ! is_folder "$3" || [ -z "$(ls -A -- "$3")" ]; }; then
      cp -a -- "$3" "$manifest/$1/original"
      [ ! -f "$3" ] || [ -L "$3" ] || original="$manifest/$1/original"
    fi
  fi
  printf '%s\n' "$2" >"$entry.new"
  # The file that takes the place of PATH is next.
  [ -z "$3" ] || { note_new "$3"; noted_for=$3; }
  sync "$entry.new" ${'$'}{original:+"$original"} ${'$'}{noted_for:+"$run/temporary"}
  mv -f -- "$entry.new" "$entry"
}

unremember() {
  if [ -e "$work/$step.fresh" ]; then
    rm -rf -- "$manifest/$1"
  elif [ -e "$work/$step.entry" ]; then
    cp -- "$work/$step.entry" "$manifest/$1/entry"
  fi
}

forget() { move_entries "$manifest" "$work/forgotten" "$@"; }

unforget() { move_entries "$work/forgotten" "$manifest" "$@"; }

move_entries() {
  from=$1 to=$2
  shift 2
  for id do
    shift
    [ ! -e "$from/$id" ] || set -- "$@" "$from/$id"
  done
  [ $# -eq 0 ] || mv -- "$@" "$to"
}

restore_original() {
  new "$1"
  rm -f -- "$new"
  cp -a -- "$manifest/$2/original" "$new"
  take_place "$1"
}

swap() {
  # What root makes is root's, but where a folder gives its group to what is in it.
  { [ "$3" = root:root ] && [ -O "$new" ] && [ -G "$new" ]; } || chown -- "$3" "$new"
  chmod -- "$2" "$new"
  sync "$new"
  take_place "$1"
}

take_place() {
  # A rename replaces like by like only.
  if is_folder "$1" || is_folder "$new"; then clear_away "$1"; fi
  mv -fT -- "$new" "$1"
  new=
}

put_off() {
  printf '%s\n' "$2" >"$run/reread"
  [ "$1" = end ] || echo >"$run/reread.start"
}

catch_up() {
  [ "$1" = end ] || [ -s "$run/reread.start" ] || return 0
  [ -s "$run/reread" ] || return 0
  ( . "$run/reread" ) && : >"$run/reread" && : >"$run/reread.start"
}

patiently() {
  patience=$(($1 * 5))
  shift
  until said=$("$@" 2>&1); do
    patience=$((patience - 1))
    [ $patience -gt 0 ] || { printf '%s\n' "$said"; return 1; }
    sleep 0.2
  done
}

apt_lock_holder() {
  for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    inode=$(stat -c %i "$lock" 2>/dev/null) || continue
    while read -r _ _ _ _ pid file _; do
      case "$file" in
        *":$inode")
          read -r name 2>/dev/null <"/proc/$pid/comm" || name=unknown
          echo "process $pid ($name)"
          return 0
          ;;
      esac
    done </proc/locks
  done
}

await_apt_lock() {
  told=
  waited=0
  while holder=$(apt_lock_holder) && [ -n "$holder" ]; do
    [ "$holder" = "$told" ] || note "waits for the lock of the package manager, held by $holder"
    told=$holder
    [ $waited -lt 300 ] || { echo "the lock of the package manager is still held by $holder after 300 seconds"; return 1; }
    sleep 1
    waited=$((waited + 1))
  done
}
`;
