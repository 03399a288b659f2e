import { readFileSync } from 'node:fs';
import { down } from './down.ts';
import { execIn } from './exec.ts';
import { LabFailure } from './failure.ts';
import * as faults from './faults.ts';
import type { ImageKind } from './image/recipe.ts';
import { defaultFolder } from './layout.ts';
import { openLab, type Lab } from './record.ts';
import type { LabSpec } from './spec.ts';
import { status, type HostStatus } from './status.ts';
import { ready, up } from './up.ts';

/** Where a command says what it has to say. */
export interface LabOutput {
  line(text: string): void;
  error(text: string): void;
}

/** What every lab command takes. */
export interface LabFlags {
  /** State folder; the working folder's own unless given. */
  readonly folder?: string | undefined;
}

/** What `lab up` takes besides. */
export interface LabUpFlags extends LabFlags {
  /** Absolute path of the inventory. */
  readonly inventory?: string | undefined;
  readonly image: ImageKind;
  /** MiB a host, 256 unless given. */
  readonly memory?: number | undefined;
  /** The hosts to start; all unless given. */
  readonly hosts?: readonly string[] | undefined;
}

/** `lab up`: exit code 0 when every host answers, 1 with nothing left behind, 130 when interrupted. */
export async function labUp(spec: LabSpec, flags: LabUpFlags, out: LabOutput): Promise<number> {
  const interrupt = new AbortController();
  const abort = (): void => {
    interrupt.abort();
  };
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  const onProgress = (text: string): void => {
    out.line(text);
  };
  try {
    const code = await telling(out, async () => {
      await up(spec, { ...flags, folder: folderOf(flags), signal: interrupt.signal, onProgress });
      out.line('next: lvsctl lab exec -- lvsctl apply    or    lvsctl lab ssh HOST    at the end: lvsctl lab down');
      return 0;
    });
    return interrupt.signal.aborted && code !== 0 ? 130 : code;
  } finally {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  }
}

/** `lab down`: exit code 0, also when nothing was up. */
export async function labDown(flags: LabFlags, out: LabOutput): Promise<number> {
  return telling(out, async () => {
    const folder = folderOf(flags);
    const { found, strangers } = await down(folder);
    out.line(found ? 'the lab is down; nothing of it is left' : `no lab is up here (${folder})`);
    if (strangers.length > 0) {
      out.line(`left alone, still running in what was its network: process ${strangers.join(', ')}`);
    }
    return 0;
  });
}

/** `lab status`: exit code 0 when the lab is up, 1 when there is none or it died. */
export async function labStatus(
  flags: LabFlags & { readonly json?: boolean | undefined },
  out: LabOutput,
): Promise<number> {
  return telling(out, async () => {
    const found = await status(folderOf(flags));
    if (flags.json === true) {
      const { lab, ...rest } = found ?? { lab: undefined, state: 'none', hosts: [] };
      out.line(JSON.stringify({ folder: lab?.folder, namespace: lab?.namespace, image: lab?.image, ...rest }));
    } else if (found === undefined) out.line('no lab is up here; start one with: lvsctl lab up');
    else {
      out.line(`${found.lab.image} lab in ${found.lab.folder}, network namespace ${found.lab.namespace}`);
      for (const line of hostTable(found.hosts)) out.line(line);
      if (found.state === 'died')
        out.error('the lab has died (its supervisor or its network is gone): lvsctl lab down');
    }
    return found?.state === 'up' ? 0 : 1;
  });
}

/** `lab exec -- CMD`: the command's exit code. */
export async function labExec(argv: readonly string[], flags: LabFlags, out: LabOutput): Promise<number> {
  return telling(out, async () => execIn(theLab(flags), argv, 'inherit'));
}

/** `lab ssh HOST [-- CMD]`: ssh's exit code. */
export async function labSsh(host: string, argv: readonly string[], flags: LabFlags, out: LabOutput): Promise<number> {
  return telling(out, async () => {
    const lab = theLab(flags);
    knownHost(lab, host);
    return execIn(lab, ['ssh', '-F', lab.layout.sshConfig, host, ...argv], 'inherit');
  });
}

/** `lab ssh-config`: prints an OpenSSH configuration that works inside `lab exec`. */
export async function labSshConfig(flags: LabFlags, out: LabOutput): Promise<number> {
  return telling(out, () => {
    out.line(readFileSync(theLab(flags).layout.sshConfig, 'utf8').trimEnd());
    return Promise.resolve(0);
  });
}

/** `lab freeze HOST`. */
export async function labFreeze(host: string, flags: LabFlags, out: LabOutput): Promise<number> {
  return fault(flags, out, (lab) => faults.freeze(lab, host), `${host} is frozen; undo: lvsctl lab thaw ${host}`);
}

/** `lab thaw HOST`. */
export async function labThaw(host: string, flags: LabFlags, out: LabOutput): Promise<number> {
  return fault(flags, out, (lab) => faults.thaw(lab, host), `${host} goes on`);
}

/** `lab poweroff HOST`. */
export async function labPoweroff(host: string, flags: LabFlags, out: LabOutput): Promise<number> {
  return fault(flags, out, (lab) => faults.poweroff(lab, host), `${host} is off; undo: lvsctl lab poweron ${host}`);
}

/** `lab poweron HOST`: resolves when the host answers. */
export async function labPoweron(host: string, flags: LabFlags, out: LabOutput): Promise<number> {
  const start = async (lab: Lab): Promise<void> => {
    await faults.poweron(lab, host);
    await ready(lab, host);
  };
  return fault(flags, out, start, `${host} is up`);
}

/** `lab unplug HOST`. */
export async function labUnplug(host: string, flags: LabFlags, out: LabOutput): Promise<number> {
  return fault(flags, out, (lab) => faults.unplug(lab, host), `${host} is unplugged; undo: lvsctl lab plug ${host}`);
}

/** `lab plug HOST`. */
export async function labPlug(host: string, flags: LabFlags, out: LabOutput): Promise<number> {
  return fault(flags, out, (lab) => faults.plug(lab, host), `${host} is plugged in`);
}

/** `lab delay HOST MS`. */
export async function labDelay(host: string, milliseconds: number, flags: LabFlags, out: LabOutput): Promise<number> {
  const undo = milliseconds === 0 ? '' : `; undo: lvsctl lab delay ${host} 0`;
  const done = `${host} sends ${milliseconds} ms late${undo}`;
  return fault(flags, out, (lab) => faults.delay(lab, host, milliseconds), done);
}

async function fault(flags: LabFlags, out: LabOutput, act: (lab: Lab) => Promise<void>, done: string): Promise<number> {
  return telling(out, async () => {
    await act(theLab(flags));
    out.line(done);
    return 0;
  });
}

/** Turns a foreseen failure into words and exit code 1. */
async function telling(out: LabOutput, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    out.error(error.message);
    if (error.hint !== '') out.error(`try: ${error.hint}`);
    return 1;
  }
}

function theLab(flags: LabFlags): Lab {
  const lab = openLab(folderOf(flags));
  if (lab === undefined) throw new LabFailure('no lab is up here', 'lvsctl lab up');
  return lab;
}

function knownHost(lab: Lab, host: string): void {
  if (lab.hosts.some((each) => each.name === host)) return;
  throw new LabFailure(
    `no host of this lab is called ${host}`,
    `one of ${lab.hosts.map((each) => each.name).join(', ')}`,
  );
}

function folderOf(flags: LabFlags): string {
  return flags.folder ?? defaultFolder(process.cwd(), process.env);
}

function hostTable(hosts: readonly HostStatus[]): string[] {
  const width = Math.max(...hosts.map((host) => host.name.length));
  const address = Math.max(...hosts.map((host) => host.address.length));
  return hosts.map((host) => {
    const notes = [
      host.answers ? 'ssh answers' : 'no answer on the ssh port',
      ...host.unplugged.map((nic) => `${nic} unplugged`),
      ...(host.boots > 1 ? [`started ${host.boots} times`] : []),
      ...(host.power === 'crashed' || host.power === 'off' ? [`lvsctl lab poweron ${host.name}`] : []),
      ...(host.power === 'frozen' ? [`lvsctl lab thaw ${host.name}`] : []),
    ];
    return `  ${host.name.padEnd(width)}  ${host.address.padEnd(address)}  ${host.power.padEnd(8)}  ${notes.join('; ')}`;
  });
}
