#!/bin/sh
# Converts Debian packages to rpm, and makes the image's own repository of them.
#   TREE      the host's root folder; its rpmbuild is used
#   DEBS      the Debian packages
#   PLAN      lab.spec, and a folder for each rpm with lists of its `debs`, of what is `taken` from the host's root, of its
#             `folders`, and of what it is `without`
#   PACKAGES  folders laid over the files of the rpm of their name
set -eu
build=$TREE/build
mkdir -p "$build/roots" "$build/files" "$TREE/srv/repo"
cp "$PLAN/lab.spec" "$build"
for plan in "$PLAN"/*/; do
  name=$(basename "$plan")
  root=$build/roots/$name
  # With /usr merged, as the hosts have it.
  mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$root/$folder"; done
  while read -r deb; do
    dpkg-deb --fsys-tarfile "$DEBS/$deb" | tar --extract --keep-directory-symlink --directory "$root"
  done <"$plan/debs"
  while read -r path; do
    mkdir -p "$root/${path%/*}"
    mv "$TREE/$path" "$root/$path"
  done <"$plan/taken"
  rm "$root/bin" "$root/sbin" "$root/lib" "$root/lib64"
  rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/lintian" "$root/usr/share/bug" "$root/etc/init.d" "$root/etc/default"
  while read -r path; do
    # shellcheck disable=SC2086
    (cd "$root" && rm -r $path)
  done <"$plan/without"
  while read -r path; do mkdir -p "$root/$path"; done <"$plan/folders"
  if [ -d "$PACKAGES/$name" ]; then cp -R "$PACKAGES/$name"/. "$root"; fi
  (cd "$root" && find . ! -type d -path './etc/*' -printf '%%config(noreplace) "/%P"\n' -o ! -type d -printf '"/%P"\n' -o -printf '%P\n') |
    while read -r line; do
      case $line in
        *\"*) printf '%s\n' "$line" ;;
        *) [ -d "$TREE/$line" ] || printf '%%dir "/%s"\n' "$line" ;;
      esac
    done >"$build/files/$name"
done
export TREE
# Its own mount namespace: whatever ends this script, no mount stays behind.
unshare --mount sh -eu <<'IN'
mount -t proc proc "$TREE/proc"
mount --rbind /dev "$TREE/dev"
chroot "$TREE" rpmbuild --quiet -bb --define '_topdir /build' --define '_rpmdir /srv/repo' --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' /build/lab.spec
chroot "$TREE" createrepo_c --quiet /srv/repo
IN
rm -r "$build"
