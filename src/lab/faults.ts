import { ask } from './control.ts';
import { environment } from './environment.ts';
import { LabFailure } from './failure.ts';
import { hostLayout } from './layout.ts';
import { setLink } from './namespace.ts';
import { readMark, signal } from './processes.ts';
import type { Lab } from './record.ts';
import { run } from './run.ts';
import type { Tap } from './topology.ts';

/** Stops a host dead without ending it: it neither computes nor answers until it is thawed. */
export function freeze(lab: Lab, host: string): Promise<void> {
  return signalHost(lab, host, 'SIGSTOP');
}

/** Lets a frozen host go on. */
export function thaw(lab: Lab, host: string): Promise<void> {
  return signalHost(lab, host, 'SIGCONT');
}

/** Takes a host's power away: no shutdown, no goodbye. It stays off until `poweron`. Resolves when it is off. */
export async function poweroff(lab: Lab, host: string): Promise<void> {
  await toSupervisor(lab, 'poweroff', host);
}

/** Starts a host that is off, on the disk it had. Resolves at once; `ready` waits until it answers. */
export async function poweron(lab: Lab, host: string): Promise<void> {
  await toSupervisor(lab, 'poweron', host);
}

/** Pulls the cables of a host, or of one of its NICs. */
export function unplug(lab: Lab, host: string, nic?: string): Promise<void> {
  return setLinks(lab, host, nic, false);
}

/** Puts the cables of a host, or of one of its NICs, back in. */
export function plug(lab: Lab, host: string, nic?: string): Promise<void> {
  return setLinks(lab, host, nic, true);
}

/** Delays everything a host sends by so many milliseconds; 0 takes the delay away. The host must answer to ssh. */
export async function delay(lab: Lab, host: string, milliseconds: number): Promise<void> {
  const commands = tapsOf(lab, host).map((tap) =>
    milliseconds === 0
      ? `tc qdisc del dev ${tap.nic} root 2>/dev/null || true`
      : `tc qdisc replace dev ${tap.nic} root netem limit 10000 delay ${milliseconds}ms`,
  );
  const inside = ['netns', 'exec', lab.namespace, 'ssh', '-F', lab.layout.sshConfig, '-o', 'BatchMode=yes', host];
  await run('ip', [...inside, commands.join(' && ')], { environment: environment(lab) });
}

function tapsOf(lab: Lab, host: string): readonly Tap[] {
  const taps = lab.record.topology.taps.filter((tap) => tap.host === host);
  if (taps.length > 0) return taps;
  throw new LabFailure(
    `no host of this lab is called ${host}`,
    `the hosts are ${lab.hosts.map((h) => h.name).join(', ')}`,
  );
}

async function setLinks(lab: Lab, host: string, nic: string | undefined, plugged: boolean): Promise<void> {
  const taps = tapsOf(lab, host).filter((tap) => nic === undefined || tap.nic === nic);
  if (taps.length === 0) throw new LabFailure(`host ${host} has no NIC ${nic ?? ''}`);
  for (const tap of taps) await setLink(lab.namespace, tap, plugged);
}

async function signalHost(lab: Lab, host: string, name: NodeJS.Signals): Promise<void> {
  tapsOf(lab, host);
  const mark = readMark(hostLayout(lab.layout, host).mark);
  if (mark === undefined || !signal(mark, name)) throw notRunning(host);
  return Promise.resolve();
}

function notRunning(host: string): LabFailure {
  return new LabFailure(`host ${host} is not running`, `lvsctl lab poweron ${host}`);
}

async function toSupervisor(lab: Lab, what: 'poweron' | 'poweroff', host: string): Promise<void> {
  tapsOf(lab, host);
  const answer = await ask(lab.layout.control, { ask: what, host });
  if (answer === undefined) {
    throw new LabFailure("the lab's supervisor is gone", 'lvsctl lab down, then lvsctl lab up');
  }
}
