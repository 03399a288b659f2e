#!/bin/sh
# Makes the root folder of a warm host out of a blank one: the packages installed, nothing configured, nothing enabled.
#   BLANK TREE  root folders, the second is made here
#   INSTALLED   packages, space separated
#   SERVICES    what their installation enables, space separated
set -eu
cp -a "$BLANK" "$TREE"
printf '#!/bin/sh\nexit 101\n' >"$TREE/usr/sbin/policy-rc.d"
chmod 0755 "$TREE/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive TREE INSTALLED SERVICES
# Its own mount namespace: whatever ends this script, no mount stays behind.
unshare --mount sh -eu <<'IN'
mount -t proc proc "$TREE/proc"
mount --rbind /dev "$TREE/dev"
chroot "$TREE" apt-get update -qq
chroot "$TREE" apt-get install -qq --yes --no-install-recommends -o Dpkg::Options::=--force-unsafe-io $INSTALLED >/dev/null
chroot "$TREE" systemctl --quiet disable $SERVICES
IN
rm "$TREE/usr/sbin/policy-rc.d"
rm -rf "$TREE"/var/lib/apt/lists/* "$TREE"/var/cache/apt/*.bin "$TREE"/var/log/apt/* "$TREE"/var/log/dpkg.log
