/** An Ansible inventory, whatever it was written in. */
export interface AnsibleInventory {
  readonly hosts: Map<string, AnsibleHost>;
  readonly groups: Map<string, AnsibleGroup>;
}

/** A host, or hosts if its name has ranges. */
export interface AnsibleHost {
  readonly vars: Map<string, AnsibleValue>;
  /** `file:line`. */
  readonly place: string;
}

/** A group of hosts and groups. */
export interface AnsibleGroup {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Map<string, AnsibleValue>;
  readonly place: string;
}

/** A variable and where it is set. */
export interface AnsibleValue {
  readonly value: unknown;
  readonly place: string;
}

/** An inventory with nothing in it. */
export function emptyAnsible(): AnsibleInventory {
  return { hosts: new Map(), groups: new Map() };
}

/** The host of that name, made if it is new. */
export function ansibleHost({ hosts }: AnsibleInventory, name: string, place: string): AnsibleHost {
  const known = hosts.get(name) ?? { vars: new Map<string, AnsibleValue>(), place };
  hosts.set(name, known);
  return known;
}

/** The group of that name, made if it is new. */
export function ansibleGroup({ groups }: AnsibleInventory, name: string, place: string): AnsibleGroup {
  const known = groups.get(name) ?? {
    hosts: new Set<string>(),
    children: new Set<string>(),
    vars: new Map<string, AnsibleValue>(),
    place,
  };
  groups.set(name, known);
  return known;
}
