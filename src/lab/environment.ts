import { delimiter, join } from 'node:path';
import type { Lab } from './record.ts';

/** What makes lvsctl, ssh and Ansible work in the operator's network of a lab. */
export function environment(lab: Lab, path = process.env['PATH'] ?? ''): Record<string, string> {
  const { inventory } = lab.record;
  return {
    PATH: `${lab.layout.programs}${delimiter}${path}`,
    ...(inventory === undefined ? {} : { LVSCTL_INVENTORY: inventory }),
    LVSCTL_LAB: lab.folder,
    // The record of what is tried on the lab goes with it.
    XDG_STATE_HOME: join(lab.folder, 'state'),
    LVSCTL_SSH_CONFIG: lab.layout.sshConfig,
    LVSCTL_KNOWN_HOSTS: lab.layout.knownHosts,
    LVSCTL_IDENTITY: lab.layout.key,
    LAB_KEY: lab.layout.key,
  };
}
