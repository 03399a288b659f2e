/**
 * The sh functions that steps may use. `$work` is a folder of this run that only root can read, `$step` the step's number.
 *
 * - `keep PATH` notes what is at PATH, so that `put_back PATH` in the same step's undo restores it: content, owner, mode,
 *   times, or its absence. A step that never got as far as `keep` has nothing to put back. It refuses a folder with something
 *   in it: that is for a person to move.
 * - `new PATH` makes an empty file beside PATH, unguessable and 0600 before it has content, and sets `$new` to it.
 * - `clear_away PATH` removes what is at PATH, a folder only when it is empty.
 * - `swap PATH MODE OWNER:GROUP` puts `$new` in the place of PATH: complete on the disk first, then renamed.
 * - `patiently SECONDS COMMAND…` repeats a command until it succeeds.
 * - `bring_up VERB UNIT` makes a unit run (`start`, `reload-or-restart`), and shows what its journal says when that fails.
 * - `note TEXT` tells the operator something at once.
 * - `await_apt_lock` waits until no other package manager is at work.
 */
export const prelude = String.raw`
note() { printf '\n%s note %s\n' "$nonce" "$*" >&3; }

keep() {
  if is_folder "$1" && [ -n "$(ls -A -- "$1")" ]; then
    echo "$1 is a folder that is not empty: move it out of the way first"
    return 1
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then cp -a -- "$1" "$work/$step.kept"; else : >"$work/$step.absent"; fi
}

put_back() {
  if [ -e "$work/$step.absent" ]; then
    clear_away "$1"
  elif is_folder "$work/$step.kept" && is_folder "$1"; then
    :
  elif [ -e "$work/$step.kept" ] || [ -L "$work/$step.kept" ]; then
    new "$1"
    rm -f -- "$new"
    cp -a -- "$work/$step.kept" "$new"
    if is_folder "$new"; then clear_away "$1"; fi
    mv -fT -- "$new" "$1"
  fi
}

is_folder() { [ -d "$1" ] && [ ! -L "$1" ]; }

clear_away() {
  if is_folder "$1"; then rmdir -- "$1"; else rm -f -- "$1"; fi
}

new() {
  case "$1" in */*) folder=${'$'}{1%/*} ;; *) folder=. ;; esac
  new=$(mktemp "$folder/.lvsctl.XXXXXXXX")
}

swap() {
  chown -- "$3" "$new"
  chmod -- "$2" "$new"
  sync "$new"
  if is_folder "$1"; then rmdir -- "$1"; fi
  mv -fT -- "$new" "$1"
  new=
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

bring_up() {
  systemctl "$1" -- "$2" && systemctl -q is-active -- "$2" || {
    journalctl -q --no-pager -n 15 -o cat -u "$2" 2>/dev/null
    return 1
  }
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
