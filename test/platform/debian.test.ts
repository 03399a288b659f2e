import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { debian } from '../../src/platform/debian.ts';
import { shells, runSh } from '../support/sh.ts';

const { packageManager } = debian;

describe('what is installed by apt', () => {
  test.each([
    ['install', packageManager.install(['nginx', 'g++'], ['nginx.service'])],
    ['remove', packageManager.remove(['nginx', 'g++'])],
    ['prepare', packageManager.prepare(['nginx', 'g++'], [])],
  ])('%s never asks, never replaces a configuration file, never goes past a lock', (_what, sh) => {
    expect(sh).toMatch(/export DEBIAN_FRONTEND=noninteractive\n[^]*apt-get -y/);
    expect(sh).toContain('--force-confold');
    expect(sh).toContain('await_apt_lock');
    expect(sh).toContain("'nginx' 'g++'");
    expect(sh).not.toMatch(/--force-yes|--allow|--purge|autoremove|upgrade/);
  });

  test('is tried before it is done, and the lists are fetched only when something is to come', () => {
    expect(packageManager.prepare(['nginx'], ['samba'])).toMatch(
      /apt-get -q update\n[^]*--simulate.* install 'nginx' 'samba-'/,
    );
    expect(packageManager.prepare([], ['samba'])).not.toMatch(/^apt-get -q update/m);
  });
});

// dpkg-query of the machine that runs the tests, where it has one.
const dpkg = spawnSync('dpkg-query', ['-W', 'dpkg'], { encoding: 'utf8' });
describe.skipIf(dpkg.status !== 0).each(shells)('in %s, the real dpkg-query', (shell) => {
  test('names what is installed with its version, and is silent about the rest', () => {
    const ran = runSh(packageManager.query(['dpkg', 'no-such-package-at-all', 'coreutils']), shell);
    const version = dpkg.stdout.split('\t')[1]?.trim() ?? '';
    expect(ran.stdout.trim().split('\n').sort()[1]).toBe(`dpkg ${version}`);
    expect(ran.stdout).toMatch(/^coreutils \S+$/m);
    expect(ran).toMatchObject({ stderr: '' });
    expect(ran.stdout).not.toContain('no-such');
  });

  test('the real apt-cache is understood, where it has lists', () => {
    const ran = runSh(packageManager.candidates(['dpkg', 'no-such-package-at-all']), shell);
    expect(ran.stdout).toMatch(/^(dpkg \d\S*\n)?$/);
  });
});
