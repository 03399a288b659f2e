import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCluster } from '../../src/inventory/load.ts';
import { lvsctl, type Shown } from '../cli/terminal.ts';
import { startSshd, type Sshd } from '../ssh/fake-sshd.ts';
import { makeWorld } from '../ssh/world.ts';
import { Box } from '../support/box.ts';
import { wishesOf } from '../support/cluster.ts';

/** A host of each kind of the example, as wished, that can be logged in to. */
export interface CountedHosts {
  /** Runs lvsctl on them, and gives what each was asked for by that. */
  run(...args: readonly string[]): Promise<{ readonly shown: Shown; readonly counts: ReadonlyMap<string, Counts> }>;
  close(): Promise<void>;
}

/** What a run took of a host. */
export interface Counts {
  /** TCP connections. */
  readonly connections: number;
  /** Commands: each has a channel of its own. */
  readonly execs: number;
  /** Answers that lvsctl waited for, that of TCP and the end of each command among them. */
  readonly roundTrips: number;
  /** Bytes on TCP. */
  readonly received: number;
  readonly sent: number;
  /** Processes that the commands began, the fake daemons' and packages' own among them. */
  readonly processes: number;
}

/** Replies that nothing goes on without. */
const awaited = new Set([
  'KEXINIT',
  'KEXECDH_REPLY',
  'SERVICE_ACCEPT',
  'USERAUTH_PK_OK',
  'USERAUTH_FAILURE',
  'USERAUTH_SUCCESS',
  'CHANNEL_OPEN_CONFIRMATION',
  'CHANNEL_SUCCESS',
  'CHANNEL_CLOSE',
]);

/**
 * Runs a command as the first process of a namespace: process ids count up from 1 there, and a process before it and one after it
 * tell how many began in between. /proc is the namespace's own but for the settings that the box has.
 */
const counting = `file=$1
shift
mkdir -p /run/box/sys && mount --bind /proc/sys /run/box/sys && mount -t proc proc /proc && mount --bind /run/box/sys /proc/sys || exit 70
before=$(sh -c 'echo $$')
sh "$@"
code=$?
after=$(sh -c 'echo $$')
echo $((after - before - 2)) >>"$file"
exit $code
`;

const names: Readonly<Record<string, string>> = { lb1: '10.77.0.11', web1: '10.77.0.13', nas1: '10.77.0.16' };

/** Opens them: inventories/dr.yaml, with a director, a web server and the NFS server in namespaces of this machine. */
export async function openCounted(): Promise<CountedHosts> {
  const world = makeWorld();
  const script = world.write('counting', counting);
  const opened: { readonly name: string; readonly box: Box; readonly sshd: Sshd; readonly file: string }[] = [];
  for (const name of Object.keys(names)) {
    const box = await Box.open();
    box.installCommands();
    const file = join(world.home, `${name}.processes`);
    const enter = `${box.entrance.join(' ')} unshare -mpf --kill-child sh ${script} ${file}`;
    const shell = world.write(`${name}.shell`, `#!/bin/sh\nexec ${enter} "$@"\n`, 0o755);
    const sshd = await startSshd({ authorized: [world.key], shell });
    world.trust(sshd);
    opened.push({ name, box, sshd, file });
  }
  const example = readFileSync(join(import.meta.dirname, '..', '..', 'inventories', 'dr.yaml'), 'utf8');
  const hosts = ['lb1', 'lb2', 'web1', 'web2', 'web3', 'nas1', 'probe1'].map((name, index) => {
    const port = opened.find((one) => one.name === name)?.sshd.port ?? 1;
    return `  ${name}: { address: 10.77.0.${index + 11}, ssh: { host: 127.0.0.1, port: ${port} } }\n`;
  });
  const file = world.write('lvsctl.yaml', example.replace(/^hosts:\n(?: .*\n)+/m, `hosts:\n${hosts.join('')}`));
  const loaded = await loadCluster(file, {});
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  const wishes = wishesOf(loaded.value);
  for (const { name, box } of opened) {
    const wish = wishes.find(({ host }) => host.name === name);
    if (wish === undefined) throw new Error(`there is no ${name}`);
    box.must(`ip address add ${names[name] ?? ''}/24 dev eth0`);
    const { code, output } = box.do(await box.steps(wish));
    if (code !== 0) throw new Error(output);
  }
  const so = ({ sshd, file: processes }: (typeof opened)[number]): Counts => ({
    connections: sshd.connections,
    execs: sshd.commands.length,
    roundTrips: sshd.connections + sshd.messages.filter((name) => awaited.has(name)).length,
    ...sshd.traffic(),
    processes: sum(lines(processes)),
  });
  return {
    async run(...args) {
      const before = opened.map((one) => ({ one, then: so(one) }));
      const shown = await lvsctl([...args, '-i', file, '--limit', Object.keys(names).join()], world.env);
      const counts = new Map(before.map(({ one, then }) => [one.name, less(so(one), then)]));
      return { shown, counts };
    },
    async close() {
      for (const { box, sshd } of opened) {
        await sshd.stop();
        await box.close();
      }
      rmSync(script);
      world.remove();
    },
  };
}

function lines(file: string): number[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map(Number);
  } catch {
    return []; // nothing has been run yet
  }
}

function less(now: Counts, before: Counts): Counts {
  return {
    connections: now.connections - before.connections,
    execs: now.execs - before.execs,
    roundTrips: now.roundTrips - before.roundTrips,
    received: now.received - before.received,
    sent: now.sent - before.sent,
    processes: now.processes - before.processes,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
