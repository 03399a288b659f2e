#!/bin/sh
# Installs packages of the image's repository by dnf, so that rpm knows them.
#   BLANK TREE  root folders; the second is made here as a copy of the first, unless it is the same
#   INSTALLED   packages, space separated
set -eu
[ "$BLANK" = "$TREE" ] || cp -a "$BLANK" "$TREE"
export TREE INSTALLED
# Its own mount namespace: whatever ends this script, no mount stays behind.
unshare --mount sh -eu <<'IN'
mount -t proc proc "$TREE/proc"
mount --rbind /dev "$TREE/dev"
chroot "$TREE" dnf -y -q --setopt=install_weak_deps=False install $INSTALLED >/dev/null
IN
rm -rf "$TREE"/var/cache/dnf "$TREE"/var/log/dnf* "$TREE"/var/log/hawkey.log
