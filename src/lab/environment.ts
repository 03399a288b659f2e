import type { Lab } from './record.ts';

/** What makes lvsctl, ssh and Ansible work in the operator's network of a lab. */
export function environment(lab: Lab): Record<string, string> {
  return {
    LVSCTL_LAB: lab.folder,
    LVSCTL_SSH_CONFIG: lab.layout.sshConfig,
    LVSCTL_KNOWN_HOSTS: lab.layout.knownHosts,
    LVSCTL_IDENTITY: lab.layout.key,
    LAB_KEY: lab.layout.key,
  };
}
