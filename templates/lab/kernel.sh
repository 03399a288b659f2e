#!/bin/sh
# Fetches the User Mode Linux kernel by a private apt and makes it run beside an older libc.
#   APT_CONFIG  configuration of the private apt, lists already fetched
#   OUT         existing folder to fill: linux.uml, lib/ and modules/
#   FINAL       where OUT will lie in the end: a program's ELF interpreter is an absolute path
set -eu
work=$OUT/fetch
mkdir -p "$work/root" "$OUT/lib"
cd "$work"
apt-get download -qq user-mode-linux libc6
for package in *.deb; do dpkg-deb -x "$package" root; done
cp root/usr/bin/linux.uml "$OUT/linux.uml"
cp -L root/usr/lib/x86_64-linux-gnu/libc.so.6 root/usr/lib64/ld-linux-x86-64.so.2 "$OUT/lib/"
mv root/usr/lib/uml/modules "$OUT/modules"
patchelf --set-interpreter "$FINAL/lib/ld-linux-x86-64.so.2" --set-rpath "$FINAL/lib" "$OUT/linux.uml"
cd "$OUT"
rm -rf "$work"
