import { readIp } from '../inventory/address.ts';
import type { AnsibleInventory, AnsibleValue } from './ansible-model.ts';
import { isName, nameFor, put, type Draft, type Entry } from './draft.ts';

/** Takes a variable over into a host, a group or the top; false: it cannot be said in an inventory. */
type Variable = (value: unknown, entry: Entry) => boolean;

const to =
  (path: string, fits: (value: unknown) => boolean): Variable =>
  (value, entry) => {
    if (!fits(value)) return false;
    put(entry, path, value);
    return true;
  };

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '' && !value.includes('{{');
const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
const implied: Variable = () => true;

/** `-o ProxyJump=HOP`, `-J HOP`. */
const sshArguments: Variable = (value, entry) => {
  const [, option, short] =
    /^\s*(?:-o\s*ProxyJump[= ](\S+)|-J\s*(\S+))\s*$/.exec(typeof value === 'string' ? value : '') ?? [];
  return to('ssh.proxyJump', isText)(option ?? short, entry);
};

/** What Ansible's own variables become; a variable of somebody's own goes into `vars`. */
const variables: Readonly<Record<string, Variable>> = {
  ansible_user: to('ssh.user', isText),
  ansible_ssh_user: to('ssh.user', isText),
  ansible_port: to('ssh.port', isPort),
  ansible_ssh_port: to('ssh.port', isPort),
  ansible_ssh_private_key_file: to('ssh.identityFile', isText),
  ansible_ssh_common_args: sshArguments,
  ansible_become: (value, entry) => to('become', () => true)(value === true ? 'sudo' : 'none', entry),
  ansible_become_method: (value) => value === 'sudo',
  ansible_become_user: (value) => value === 'root',
  ansible_connection: (value) => value === 'ssh' || value === 'smart',
  ansible_python_interpreter: implied,
};

/** Takes over hosts, groups and their variables. */
export function importAnsible({ hosts, groups }: AnsibleInventory, draft: Draft): void {
  const names = new Map<string, string>();
  for (const [written, { vars, place }] of hosts) {
    const name = isHostKey(written) ? written : nameFor(written, draft.hosts);
    if (name !== written) draft.leave(place, written, `is called ${name} here`);
    names.set(written, name);
    const entry = draft.host(name);
    const target = vars.get('ansible_host') ?? vars.get('ansible_ssh_host');
    const connect = typeof target?.value === 'string' ? target.value : written;
    if (readIp(connect).ok) draft.address(name, connect);
    else if (target !== undefined) put(entry, 'ssh.host', connect);
    takeVariables(vars, entry, draft);
  }
  for (const [written, { vars, children, hosts: members, place }] of groups) {
    if (written === 'all' || written === 'ungrouped') {
      takeVariables(vars, draft.top, draft);
      continue;
    }
    const name = isName(written) && !draft.hosts.has(written) ? written : nameFor(`${written}-group`, draft.hosts);
    if (name !== written) draft.leave(place, written, `is called ${name} here`);
    names.set(written, name);
    const entry: Entry = {};
    draft.groups.set(name, entry);
    const list = [...members, ...[...children].filter((child) => child !== 'all' && child !== 'ungrouped')];
    if (list.length > 0) entry['hosts'] = list;
    takeVariables(vars, entry, draft);
  }
  for (const entry of draft.groups.values()) {
    if (Array.isArray(entry['hosts'])) entry['hosts'] = entry['hosts'].map((one: string) => names.get(one) ?? one);
  }
}

function takeVariables(vars: ReadonlyMap<string, AnsibleValue>, entry: Entry, draft: Draft): void {
  for (const [name, { value, place }] of vars) {
    if (name === 'ansible_host' || name === 'ansible_ssh_host') continue;
    const known = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (/pass(word)?$/.test(name) && name.startsWith('ansible_')) {
      draft.leave(place, name, 'passwords are not used: log in by a key, and let sudo work without one');
    } else if (known !== undefined) {
      if (!known(value, entry)) draft.leave(place, name, 'cannot be said in an inventory with this value');
    } else if (name.startsWith('ansible_')) draft.leave(place, name, 'has no counterpart in an inventory');
    else if (name in {}) draft.leave(place, name, 'has a meaning of its own and cannot be a name');
    else put(entry, 'vars', { ...(entry['vars'] as Entry | undefined), [name]: value });
  }
}

/** A name, with or without ranges as in `web[1:3]`. */
function isHostKey(text: string): boolean {
  return isName(text.replace(/\[[A-Za-z0-9]+:[A-Za-z0-9]+(?::\d+)?\]/g, '0'));
}
