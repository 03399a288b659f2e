import { ask, type SupervisedHost } from './control.ts';
import { primaryAddress } from './host/ssh.ts';
import { hostLayout } from './layout.ts';
import { linksApart, namespaceExists } from './namespace.ts';
import { readMark, stateOf } from './processes.ts';
import { openLab, type Lab } from './record.ts';

/** How a lab is. */
export interface LabStatus {
  readonly lab: Lab;
  /** `died`: its supervisor or its network is gone, and only `lab down` helps. */
  readonly state: 'up' | 'died';
  readonly hosts: readonly HostStatus[];
}

/** How a host is. */
export interface HostStatus {
  readonly name: string;
  /** Its primary address. */
  readonly address: string;
  readonly power: SupervisedHost['power'] | 'frozen' | 'orphaned';
  /** Whether its sshd greets; false while frozen. */
  readonly answers: boolean;
  /** NICs whose cable is pulled. */
  readonly unplugged: readonly string[];
  readonly pid: number | undefined;
  readonly boots: number;
  /** Seconds its last boot took. */
  readonly bootSeconds: number | undefined;
}

/** The lab of a state folder as it is now; undefined when there is none. */
export async function status(folder: string): Promise<LabStatus | undefined> {
  const lab = openLab(folder);
  if (lab === undefined) return undefined;
  const supervised = await ask(lab.layout.control, { ask: 'probe' });
  const alive = supervised !== undefined && (await namespaceExists(lab.namespace));
  const links = alive ? await linksApart(lab.namespace) : new Set<string>();
  const hosts = lab.hosts.map((host) => {
    const known = supervised?.find((each) => each.name === host.name);
    return {
      name: host.name,
      address: primaryAddress(host),
      ...powerOf(lab, host.name, known),
      answers: known?.answers ?? false,
      unplugged: lab.record.topology.taps
        .filter((tap) => tap.host === host.name && links.has(tap.name))
        .map((t) => t.nic),
      boots: known?.boots ?? 0,
      bootSeconds: known?.bootSeconds,
    };
  });
  return { lab, state: alive ? 'up' : 'died', hosts };
}

/** Whether the lab's supervisor answers. */
export async function isAlive(lab: Lab): Promise<boolean> {
  return (await ask(lab.layout.control, { ask: 'status' })) !== undefined && (await namespaceExists(lab.namespace));
}

function powerOf(lab: Lab, host: string, known: SupervisedHost | undefined): Pick<HostStatus, 'power' | 'pid'> {
  const mark = readMark(hostLayout(lab.layout, host).mark);
  const running = mark === undefined ? undefined : stateOf(mark);
  if (mark === undefined || running === undefined) return { power: known?.power ?? 'off', pid: undefined };
  if (known === undefined) return { power: 'orphaned', pid: mark.pid };
  return { power: running === 'T' ? 'frozen' : known.power, pid: mark.pid };
}
