#!/bin/sh
# Makes the root folder of a blank host with dnf and rpm out of the disk image of a Debian host.
#   IMAGE       disk image, read without mounting it
#   TREE        folder to make
#   DEBS        existing folder that takes the Debian packages which hosts of the image can install
#   APT_CONFIG  configuration of the private apt of the image's suite, lists already fetched
#   TOOLS       packages to add, space separated; whatever they depend on comes along
#   GUEST       folder laid over the root
set -eu
mkdir "$TREE"
debugfs -R "rdump / \"$TREE\"" "$IMAGE" 2>/dev/null
[ -x "$TREE/usr/lib/systemd/systemd" ] || { echo "$IMAGE could not be read"; exit 1; } >&2
# A change of owner takes these away.
chmod u+s "$TREE/usr/bin/sudo" "$TREE/usr/bin/su"
chmod g+s "$TREE/usr/sbin/unix_chkpwd"
mv "$TREE"/srv/repo/*.deb "$DEBS"
rm -r "$TREE/srv/repo" "$TREE/lost+found"

archives=$(apt-config shell A Dir::Cache::archives/d | sed "s/^A='\(.*\)'$/\1/")
mkdir -p "$archives/partial"
# shellcheck disable=SC2086
apt-get install -qq -o Dir::State::status="$TREE/var/lib/dpkg/status" --yes --download-only --no-install-recommends $TOOLS
for package in "$archives"/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --extract --keep-directory-symlink --directory "$TREE"
  # What they bring is there already, as far as packages of rpm are concerned.
  rm -f "$DEBS/${package##*/}"
done
rm "$archives"/*.deb

# Neither apt nor dpkg, nor a sign of Debian: whoever takes the host for one shall fail.
for package in apt libapt-pkg python3-apt python-apt-common dpkg debconf init-system-helpers; do
  cat "$TREE/var/lib/dpkg/info/$package"[.:0-9]*list 2>/dev/null
done | while read -r path; do
  [ -d "$TREE$path" ] || rm -f "$TREE$path"
done
rm -rf "$TREE"/var/lib/dpkg "$TREE"/var/lib/apt "$TREE"/var/cache/apt "$TREE"/etc/apt "$TREE"/etc/dpkg "$TREE"/etc/debian_version \
  "$TREE"/usr/share/doc/* "$TREE"/usr/share/man/*
cp -R "$GUEST"/. "$TREE"
mkdir -p "$TREE/etc/sysconfig" "$TREE/var/lib/rpm"
chroot "$TREE" ldconfig
# dnf starts seconds sooner.
chroot "$TREE" python3 -m compileall -q /usr/lib/python3/dist-packages
