#!/bin/sh
# Turns a root folder into a disk image, without mounting anything.
#   TREE IMAGE  what and where to
#   MODULES     the kernel's /lib/modules
#   FREE        MiB that stay free
set -eu
mkdir -p "$TREE/usr/lib/modules"
cp -a "$MODULES"/. "$TREE/usr/lib/modules/"
# systemd regenerates nothing at boot when these are newer than /usr.
touch "$TREE/etc/.updated" "$TREE/var/.updated"
used=$(du -sm --apparent-size "$TREE" | cut -f1)
blocks=$(($(du -sm "$TREE" | cut -f1)))
[ "$blocks" -gt "$used" ] && used=$blocks
mke2fs -q -t ext4 -L lab -m 1 -J size=16 -E lazy_itable_init=0,lazy_journal_init=0,nodiscard \
  -d "$TREE" "$IMAGE" "$((used + used / 20 + FREE))m"
