import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rhel } from '../../src/platform/rhel.ts';
import { suse } from '../../src/platform/suse.ts';
import { runSh, shells, type Shell } from '../support/sh.ts';

/** What the real commands print: rpm 4.18, dnf 4.14 and zypper 1.14 of Debian 12, asked about a repository of two packages. */
const commands: Readonly<Record<string, string>> = {
  rpm: `echo 'keepalived 2.3.1-1'; echo 'package no-such is not installed'; exit 1`,
  dnf: `echo "dnf $*" >&2
case "$*" in *list*)
  [ "$1 $2" = '-q -C' ] || exit 1
  printf 'Available Packages\\nipvsadm.noarch                     2.3.1-1                  local\\nkeepalived.noarch                  1:2.3.1-1                  local\\n' ;;
esac`,
  zypper: `echo "zypper $* $ZYPP_LOCK_TIMEOUT" >&2
case "$*" in *search*) cat <<'IN'

S | Name       | Type    | Version | Arch   | Repository
--+------------+---------+---------+--------+-----------
  | ipvsadm    | package | 2.3.1-1 | noarch | local
  | keepalived | package | 2.3.1-1 | noarch | local
  | keepalived | package | 2.2.0-1 | noarch | local
IN
;; esac`,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvsctl-rpm-'));
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (sh: string, shell: Shell) => runSh(`set -e\n${sh}`, shell, { commands: folder });

describe.each(shells)('in %s', (shell) => {
  test.each([rhel, suse])('$name: what is installed and what could be is read', ({ packageManager }) => {
    expect(run(packageManager.query(['keepalived', 'no-such']), shell).stdout).toBe('keepalived 2.3.1-1\n');
    expect(run(packageManager.candidates(['ipvsadm', 'keepalived', 'no-such']), shell).stdout).toBe(
      'ipvsadm 2.3.1-1\nkeepalived 2.3.1-1\n',
    );
  });

  test('rhel: a package is tried before it is installed, and nothing is asked', () => {
    expect(
      run(rhel.packageManager.prepare(['nginx'], ['samba']), shell)
        .stderr.trim()
        .split('\n'),
    ).toEqual([
      'dnf -y -q makecache',
      'dnf -y -q --setopt=tsflags=test --setopt=install_weak_deps=False install nginx',
      'dnf -y -q --setopt=tsflags=test remove samba',
    ]);
    expect(run(rhel.packageManager.install(['nginx', 'g++'], []), shell).stderr.trim()).toBe(
      'dnf -y -q --setopt=install_weak_deps=False install nginx g++',
    );
  });

  test('suse: a package is tried before it is installed, and the lock is waited for', () => {
    expect(
      run(suse.packageManager.prepare(['nginx'], ['samba']), shell)
        .stderr.trim()
        .split('\n'),
    ).toEqual([
      'zypper --non-interactive --quiet refresh 300',
      'zypper --non-interactive --quiet install --dry-run --no-recommends nginx 300',
      'zypper --non-interactive --quiet remove --dry-run samba 300',
    ]);
  });
});
