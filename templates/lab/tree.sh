#!/bin/sh
# Makes the root folder of a blank host: a minimal Debian, the lab's own files, two unprivileged users.
#   TREE MIRROR SUITE PACKAGES(comma separated) KEYS(keyring folder) GUEST(folder laid over the root) PASSWORD(of opspw)
set -eu
mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include="$PACKAGES" --keyring="$KEYS" \
  --aptopt='Acquire::Languages "none"' --aptopt='APT::Sandbox::User "root"' --dpkgopt=force-unsafe-io \
  "$SUITE" "$TREE" "deb $MIRROR $SUITE main"
rm -f "$TREE"/etc/apt/apt.conf.d/99mmdebstrap "$TREE"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -f "$TREE"/etc/apt/sources.list "$TREE"/etc/apt/sources.list.d/* "$TREE"/etc/ssh/ssh_host_* "$TREE"/etc/resolv.conf

cp -R "$GUEST"/. "$TREE"
# Before OpenSSH 9.8 sshd does not know of penalties, and does not start.
grep -q PerSourcePenalties "$TREE/usr/sbin/sshd" || rm "$TREE/etc/ssh/sshd_config.d/penalties.conf"
chown -R 0:0 "$TREE/etc/systemd" "$TREE/etc/ssh" "$TREE/etc/sudoers.d" "$TREE/etc/fstab" "$TREE/etc/apt" \
  "$TREE/usr/local/lib/lab"
chmod 0755 "$TREE"/usr/local/lib/lab/*
chmod 0440 "$TREE"/etc/sudoers.d/lab
: >"$TREE/etc/resolv.conf"
: >"$TREE/etc/machine-id"
mkdir -p "$TREE/etc/lab"

# No password, which is not the same as locked: sshd would not let that in.
chroot "$TREE" useradd --create-home --shell /bin/bash --password '*' ops
chroot "$TREE" useradd --create-home --shell /bin/bash opspw
printf 'opspw:%s\n' "$PASSWORD" | chroot "$TREE" chpasswd

# What a lab host does not need; without it the boot is many seconds shorter.
units=$TREE/etc/systemd/system
mkdir -p "$units/sysinit.target.wants" "$TREE/etc/systemd/system-generators"
ln -s ../lab-network.service "$units/sysinit.target.wants/"
for unit in getty@.service serial-getty@.service console-getty.service getty.target getty-static.service \
  systemd-pstore.service systemd-hibernate-clear.service systemd-binfmt.service systemd-hwdb-update.service \
  systemd-random-seed.service systemd-firstboot.service systemd-udev-load-credentials.service sshd-keygen.service \
  systemd-ask-password-wall.path systemd-ask-password-console.path systemd-tmpfiles-setup-dev-early.service \
  proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount dev-hugepages.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-fs-fuse-connections.mount sys-kernel-config.mount dev-mqueue.mount run-lock.mount \
  systemd-tmpfiles-setup-dev.service kmod-static-nodes.service systemd-journal-flush.service \
  systemd-user-sessions.service systemd-initctl.socket systemd-hostnamed.socket systemd-creds.socket \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer e2scrub_reap.service; do
  ln -sf /dev/null "$units/$unit"
done
for name in ssh gpt-auto hibernate-resume tpm2 debug system-update getty run rc-local; do
  ln -s /dev/null "$TREE/etc/systemd/system-generators/systemd-$name-generator"
done
# Not masked: `systemctl reboot` asks for it over D-Bus, and starts it then.
rm -f "$TREE/usr/lib/systemd/system/multi-user.target.wants/systemd-logind.service"
