import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, closeSync, readSync, fstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { greets } from './banner.ts';
import type { SupervisedHost } from './control.ts';
import { hostCommand } from './host/command.ts';
import { fateOf } from './host/fate.ts';
import { primaryAddress } from './host/ssh.ts';
import { hostLayout } from './layout.ts';
import { markOf } from './processes.ts';
import { ramFolder } from './ram.ts';
import type { Lab } from './record.ts';
import type { LabHost } from './spec.ts';

/** A host under supervision. */
interface Kept {
  readonly host: LabHost;
  child: ChildProcess | undefined;
  power: SupervisedHost['power'];
  boots: number;
  bootSeconds: number | undefined;
}

/** Bytes of the console that are looked at when a host ends. */
const consoleTail = 64 * 1024;

/** Starts the hosts of a lab and keeps them as they are meant to be. A host is meant to be off while its `off` file exists. */
export class Supervision {
  readonly #lab: Lab;
  readonly #kept: ReadonlyMap<string, Kept>;
  #ending = false;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#kept = new Map(lab.hosts.map((host) => [host.name, unstarted(host)]));
  }

  /** Starts every host that is not meant to be off. */
  startAll(): void {
    for (const kept of this.#kept.values()) {
      if (!existsSync(this.#paths(kept).off)) this.#start(kept);
    }
  }

  /** Ends every host as if its power had failed, and resolves when all have ended. */
  async endAll(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#kept.values()].map((kept) => ended(kept)));
  }

  /** The hosts as they are now. */
  hosts(): SupervisedHost[] {
    return [...this.#kept.values()].map(({ host, power, child, boots, bootSeconds }) => ({
      name: host.name,
      power,
      pid: child?.pid,
      boots,
      bootSeconds,
    }));
  }

  /** The hosts as they are now, each running one asked whether its sshd greets within a second. */
  async probe(): Promise<SupervisedHost[]> {
    return Promise.all(
      this.hosts().map(async (host) => {
        const kept = this.#kept.get(host.name);
        const answers = kept?.child !== undefined && (await greets(primaryAddress(kept.host), 1000));
        return { ...host, answers };
      }),
    );
  }

  /** Starts a host that is off. An error message when it is not one of the lab's. */
  powerOn(name: string): string | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined) return unknownHost(name);
    rmSync(this.#paths(kept).off, { force: true });
    if (kept.child === undefined) this.#start(kept);
    return undefined;
  }

  /** Ends a host as if its power had failed, and lets it be off. Resolves when it has ended. */
  async powerOff(name: string): Promise<string | undefined> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return unknownHost(name);
    writeFileSync(this.#paths(kept).off, '');
    await ended(kept);
    kept.power = 'off';
    return undefined;
  }

  #start(kept: Kept): void {
    const { record, layout } = this.#lab;
    const paths = this.#paths(kept);
    const taps = record.topology.taps.filter((tap) => tap.host === kept.host.name);
    const base = record.bases[kept.host.system];
    if (base === undefined) throw new Error(`there is no image for ${kept.host.name}`);
    const [program = '', ...args] = hostCommand({
      ...{ name: kept.host.name, kernel: base.kernel, disk: paths.disk, base: base.disk, seed: paths.seed },
      ...{ umlFolder: layout.umlFolder, memory: record.memory, taps },
    });
    // What a killed kernel left there would make the next one hesitate.
    rmSync(join(layout.umlFolder, kept.host.name), { recursive: true, force: true });
    const output = openSync(paths.console, 'a');
    const from = fstatSync(output).size;
    const child = spawn(program, args, {
      stdio: ['ignore', output, output],
      detached: true,
      env: { PATH: process.env['PATH'], TMPDIR: ramFolder(record.memory * record.spec.hosts.length) },
    });
    closeSync(output);
    kept.child = child;
    kept.power = 'booting';
    kept.boots += 1;
    kept.bootSeconds = undefined;
    if (child.pid !== undefined) writeFileSync(paths.mark, JSON.stringify(markOf(child.pid)));
    child.on('error', () => {
      this.#ended(kept, child, 'crashed');
    });
    child.on('exit', (code) => {
      this.#ended(kept, child, fateOf({ code: code ?? undefined, console: tailOf(paths.console, from) }));
    });
    void this.#awaitGreeting(kept, child);
  }

  #ended(kept: Kept, child: ChildProcess, fate: ReturnType<typeof fateOf>): void {
    if (kept.child !== child) return;
    const paths = this.#paths(kept);
    kept.child = undefined;
    rmSync(paths.mark, { force: true });
    if (this.#ending) return;
    const meantOff = existsSync(paths.off);
    if (fate === 'rebooted' && !meantOff) {
      this.#start(kept);
      return;
    }
    kept.power = fate === 'crashed' && !meantOff ? 'crashed' : 'off';
    if (fate === 'powered-off') writeFileSync(paths.off, '');
  }

  async #awaitGreeting(kept: Kept, child: ChildProcess): Promise<void> {
    const start = Date.now();
    while (kept.child === child && kept.power === 'booting') {
      if (await greets(primaryAddress(kept.host), 500)) {
        kept.power = 'up';
        kept.bootSeconds = (Date.now() - start) / 1000;
      } else await sleep(100);
    }
  }

  #paths(kept: Kept): ReturnType<typeof hostLayout> {
    return hostLayout(this.#lab.layout, kept.host.name);
  }
}

function unstarted(host: LabHost): Kept {
  return { host, child: undefined, power: 'off', boots: 0, bootSeconds: undefined };
}

/** Kills the host's process and waits until it is gone. */
async function ended(kept: Kept): Promise<void> {
  kept.child?.kill('SIGKILL');
  while (kept.child !== undefined) await sleep(10);
}

function unknownHost(name: string): string {
  return `no host of this lab is called ${name}`;
}

function tailOf(file: string, from: number): string {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const start = Math.max(from, size - consoleTail);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readSync(handle, bytes, 0, bytes.length, start);
    return bytes.toString();
  } finally {
    closeSync(handle);
  }
}
