import { describe, expect, it } from 'vitest';
import { hostCommand } from '../../src/lab/host/command.ts';
import { fateOf } from '../../src/lab/host/fate.ts';
import { hostsFile, networkFile } from '../../src/lab/host/seed.ts';
import { knownHostsText, sshConfigText } from '../../src/lab/host/ssh.ts';
import type { LabHost } from '../../src/lab/index.ts';
import { topology } from '../../src/lab/topology.ts';
import { flat } from './samples.ts';

const spec = flat(['lb1', 'web1']);
const [lb1, web1] = spec.hosts as [LabHost, LabHost];

describe('hostCommand', () => {
  it('gives the kernel its disks, its NICs and its console, and forbids it to start itself again', () => {
    const words = hostCommand({
      ...{ name: 'lb1', kernel: '/c/linux.uml', disk: '/s/disk.cow', base: '/c/blank.img', seed: '/s/seed.tar' },
      ...{ umlFolder: '/run/x', memory: 256, taps: topology(spec).taps.slice(0, 1) },
    });
    expect(words[0]).toBe('/c/linux.uml');
    expect(words).toEqual(
      expect.arrayContaining([
        'ubd0=/s/disk.cow,/c/blank.img',
        'ubd1r=/s/seed.tar',
        'uml_dir=/run/x/',
        'vec0:transport=tap,ifname=tap0-0,depth=128,gro=1,mac=02:4c:56:00:00:00',
        'con0=null,fd:1',
        'noreboot',
        'mem=256M',
      ]),
    );
  });
});

describe('fateOf', () => {
  it.each([
    ['a reboot', { code: 0, console: 'x\nreboot: Restarting system\n' }, 'rebooted'],
    ['a power-off', { code: 0, console: 'reboot: Power down\n' }, 'powered-off'],
    ['a halt', { code: 0, console: 'reboot: System halted\n' }, 'powered-off'],
    ['an emergency restart', { code: 0, console: 'sysrq: Resetting\n' }, 'rebooted'],
    ['a panic', { code: 1, console: 'Kernel panic - not syncing\n' }, 'crashed'],
    ['a signal', { code: undefined, console: '' }, 'crashed'],
    ['the last word counts', { code: 0, console: 'reboot: Power down\nreboot: Restarting system\n' }, 'rebooted'],
  ] as const)('%s', (_, ending, fate) => {
    expect(fateOf(ending)).toBe(fate);
  });
});

describe('files of a host', () => {
  it('knows every host and the operator by name', () => {
    expect(hostsFile(spec, lb1, '10.77.0.254')).toBe(
      '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n10.77.0.11 lb1\n10.77.0.12 web1\n10.77.0.254 operator\n',
    );
  });

  it('names NICs in the order of the inventory', () => {
    const address = { address: '10.0.0.1', prefix: 24 };
    const two: LabHost = {
      name: 'lb1',
      system: 'trixie',
      nics: [
        { name: 'ens3', addresses: [address] },
        { name: 'ens4', addresses: [] },
      ],
    };
    expect(networkFile(two)).toBe('nic vec0 ens3\naddress ens3 10.0.0.1/24\nnic vec1 ens4\n');
  });
});

describe('ssh files', () => {
  it('lists each host key by name and address', () => {
    const keys = new Map([
      ['lb1', 'ssh-ed25519 AAAA lb1\n'],
      ['web1', 'ssh-ed25519 BBBB web1\n'],
    ]);
    expect(knownHostsText([lb1, web1], keys)).toBe(
      'lb1,10.77.0.11 ssh-ed25519 AAAA\nweb1,10.77.0.12 ssh-ed25519 BBBB\n',
    );
  });

  it('checks host keys strictly, against the lab alone', () => {
    const text = sshConfigText([lb1, web1], { key: '/s/id', knownHosts: '/s/known_hosts' });
    expect(text).toContain('Host web1\n  HostName 10.77.0.12\n');
    expect(text).toContain('  StrictHostKeyChecking yes\n');
    expect(text).toContain('  UserKnownHostsFile "/s/known_hosts"\n  GlobalKnownHostsFile /dev/null\n');
  });
});
