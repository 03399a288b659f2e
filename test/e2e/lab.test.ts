import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as lab from '../../src/lab/index.ts';
import { labDown, labExec, labSshConfig, labStatus } from '../../src/lab/commands.ts';
import { flat } from '../lab/samples.ts';
import { testPrompts } from './prompts.ts';

const spec = flat(['a', 'b']);
const home = await mkdtemp(join(tmpdir(), 'lvsctl-lab-e2e-'));
const [first, second] = [join(home, 'first'), join(home, 'second')];
let up: lab.Lab;

const bring = (folder: string, hosts?: readonly string[]): Promise<lab.Lab> =>
  lab.up(spec, { folder, image: 'blank', hosts, onProgress: () => undefined });

beforeAll(async () => {
  up = await bring(first);
});
afterAll(async () => {
  await Promise.all([lab.down(first), lab.down(second)]);
  await rm(home, { recursive: true, force: true });
});

/** Runs a command on a host by plain ssh with the lab's configuration. */
function ssh(on: lab.Lab, host: string, command: string, ...options: string[]) {
  const args = ['netns', 'exec', on.namespace, 'ssh', '-F', join(on.folder, 'ssh_config'), ...options, host, command];
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8', timeout: 30_000 });
  return { status, stdout: stdout.trim(), stderr };
}

async function hostNow(name: string): Promise<lab.HostStatus | undefined> {
  return (await lab.status(first))?.hosts.find((host) => host.name === name);
}

/** Waits until a host is as it should be; half a minute at most. */
async function becomes(name: string, wanted: (host: lab.HostStatus) => boolean): Promise<lab.HostStatus | undefined> {
  for (let tries = 0; tries < 150; tries += 1) {
    const now = await hostNow(name);
    if (now !== undefined && wanted(now)) return now;
    await sleep(200);
  }
  return hostNow(name);
}

function milliseconds(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function collect() {
  const lines: string[] = [];
  const out = { line: (text: string) => lines.push(text), error: (text: string) => lines.push(text) };
  return { lines, out };
}

testPrompts(
  home,
  () => up,
  (host, line) => ssh(up, host, line).stdout,
);

describe('a lab', () => {
  it('is reached by strict ssh, with its names, packages and users', () => {
    expect(ssh(up, 'a', 'hostname; getent hosts b; systemctl is-system-running --wait').stdout.split('\n')).toEqual([
      'a',
      '10.77.0.12      b',
      'running',
    ]);
    expect(ssh(up, 'a', 'sudo -n id -un', '-l', 'ops').stdout).toBe('root');
    const sudo = `sudo -n true 2>/dev/null || echo ${lab.labPassword} | sudo -S -p '' id -un`;
    expect(ssh(up, 'a', sudo, '-l', 'opspw').stdout).toBe('root');
  });

  it('has hosts of different machine ids, whose keys are those of known_hosts', () => {
    expect(ssh(up, 'a', 'cat /etc/machine-id').stdout).not.toBe(ssh(up, 'b', 'cat /etc/machine-id').stdout);
    const wrong = ssh(up, 'a', 'true', '-o', 'HostKeyAlias=b');
    expect(wrong.status).toBe(255);
    expect(wrong.stderr).toContain('Host key verification failed');
  });

  it('installs packages and loads the kernel modules of LVS, without a network', () => {
    const install =
      'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y ipvsadm >/dev/null 2>&1';
    expect(ssh(up, 'a', `${install}; modprobe ip_vs_wrr && ipvsadm -Ln | head -1`).stdout).toContain(
      'IP Virtual Server',
    );
  });

  it('freezes and thaws a host', async () => {
    await lab.freeze(up, 'b');
    expect(await hostNow('b')).toMatchObject({ power: 'frozen', answers: false });
    await lab.thaw(up, 'b');
    expect(await becomes('b', (host) => host.answers)).toMatchObject({ power: 'up', answers: true });
  });

  it('pulls a cable and puts it back', async () => {
    await lab.unplug(up, 'b');
    expect(await hostNow('b')).toMatchObject({ power: 'up', answers: false, unplugged: ['eth0'] });
    await lab.plug(up, 'b');
    expect(await becomes('b', (host) => host.answers)).toMatchObject({ answers: true, unplugged: [] });
  });

  it('puts a host far away', async () => {
    const near = milliseconds(() => ssh(up, 'b', 'true'));
    await lab.delay(up, 'b', 100);
    const far = milliseconds(() => ssh(up, 'b', 'true'));
    await lab.delay(up, 'b', 0);
    expect(far - near).toBeGreaterThan(400);
    expect(ssh(up, 'b', 'tc qdisc show dev eth0').stdout).not.toContain('netem');
  });

  it('starts a host again that reboots, with its disk', async () => {
    ssh(up, 'b', 'echo kept >/root/kept; systemctl reboot');
    expect(await becomes('b', (host) => host.boots === 2 && host.power === 'up')).toMatchObject({ answers: true });
    expect(ssh(up, 'b', 'cat /root/kept').stdout).toBe('kept');
  });

  it('leaves a host off that powers off, until it is powered on', async () => {
    ssh(up, 'b', 'systemctl poweroff');
    expect(await becomes('b', (host) => host.power === 'off')).toMatchObject({ pid: undefined, boots: 2 });
    await lab.poweron(up, 'b');
    await lab.ready(up, 'b');
    await lab.poweroff(up, 'b');
    expect(await hostNow('b')).toMatchObject({ power: 'off', pid: undefined, boots: 3 });
    await lab.poweron(up, 'b');
    await lab.ready(up, 'b');
    expect(ssh(up, 'b', 'cat /root/kept').stdout).toBe('kept');
  });

  it('does not meet another lab with the same addresses', async () => {
    const other = await bring(second, ['a']);
    ssh(up, 'a', 'touch /root/mine');
    expect(ssh(other, 'a', 'ls /root').stdout).toBe('');
    expect(ssh(other, 'a', 'ping -c 1 -W 1 10.77.0.12 >/dev/null').status).toBe(1);
    await lab.down(second);
    expect(await hostNow('a')).toMatchObject({ power: 'up', answers: true });
  });

  it('passes exit codes and its environment through', async () => {
    const { lines, out } = collect();
    expect(await labExec(['sh', '-c', 'exit 7'], { folder: first }, out)).toBe(7);
    expect(await labExec(['sh', '-c', 'kill -TERM $$'], { folder: first }, out)).toBe(143);
    expect(
      await labExec(
        ['sh', '-c', 'test -r "$LVSCTL_SSH_CONFIG" && test "$LVSCTL_LAB" = "$0"', first],
        { folder: first },
        out,
      ),
    ).toBe(0);
    expect(await labSshConfig({ folder: first }, out)).toBe(0);
    expect(lines.join('\n')).toContain('Host a\n  HostName 10.77.0.11');
  });

  it('is as it was when it is brought up again, and says so of another', async () => {
    expect((await bring(first)).namespace).toBe(up.namespace);
    await expect(lab.up(flat(['x']), { folder: first, image: 'blank', onProgress: () => undefined })).rejects.toThrow(
      'another lab is up in this folder',
    );
  });

  it.each([' ', ',', ':', '"'])('does not lie in a folder with a %j in its name', async (sign) => {
    const folder = join(first, '..', `by${sign}hand`);
    await expect(bring(folder)).rejects.toThrow(`take ${JSON.stringify(sign)} for the end of a file's name`);
    expect(existsSync(folder)).toBe(false);
  });

  it('that died is reported, and taken down without a trace', async () => {
    const { pid } = JSON.parse(readFileSync(join(first, 'supervisor.pid'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    const { lines, out } = collect();
    while ((await lab.status(first))?.state === 'up') await sleep(50);
    expect(await labStatus({ folder: first }, out)).toBe(1);
    expect(lines.join('\n')).toContain('the lab has died');
    expect(await labDown({ folder: first }, out)).toBe(0);
    expect(existsSync(first)).toBe(false);
    expect(existsSync(`/run/netns/${up.namespace}`)).toBe(false);
    expect(processesNaming(first)).toEqual([]);
    expect(await labDown({ folder: first }, out)).toBe(0);
    expect(lines.at(-1)).toContain('no lab is up here');
  });
});

/** Processes whose command line names a folder. */
function processesNaming(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });
}
