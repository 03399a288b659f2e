import type { Draft } from './draft.ts';
import { ansibleGroup, ansibleHost, emptyAnsible, type AnsibleInventory, type AnsibleValue } from './ansible-model.ts';

/** Reads an inventory in Ansible's INI form: `[group]`, `[group:vars]`, `[group:children]`, hosts with `key=value` behind them. */
export function readAnsibleIni(file: string, text: string, draft: Draft): AnsibleInventory {
  const inventory = emptyAnsible();
  let [group, kind] = ['ungrouped', 'hosts'];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const place = `${file}:${index + 1}`;
    const line = written.replace(/^\s*[#;].*$/, '').trim();
    if (line === '') continue;
    const section = /^\[([^\]:]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line);
    if (section) {
      [group, kind] = [section[1] ?? '', section[2] ?? 'hosts'];
      if (!['hosts', 'vars', 'children'].includes(kind))
        draft.leave(place, line, 'is no kind of section that Ansible has');
      ansibleGroup(inventory, group, place);
      continue;
    }
    const into = ansibleGroup(inventory, group, place);
    if (kind === 'children') {
      const child = line.replace(/\s+#.*$/, '');
      ansibleGroup(inventory, child, place);
      into.children.add(child);
    } else if (kind === 'vars') {
      const at = line.indexOf('=');
      if (at < 1) draft.leave(place, line.slice(0, 120), 'is not NAME=VALUE');
      else into.vars.set(line.slice(0, at).trim(), { value: literal(line.slice(at + 1).trim()), place });
    } else if (kind === 'hosts') readHost(inventory, into.hosts, line, place, draft);
  }
  return inventory;
}

function readHost(inventory: AnsibleInventory, members: Set<string>, line: string, place: string, draft: Draft): void {
  const [first = '', ...rest] = splitFields(line);
  // `name:port`, unless the colon is in a range or an IPv6 address.
  const [, name = first, port] = /^([^:[\]]+(?:\[[^\]]*\][^:[\]]*)*):(\d+)$/.exec(first) ?? [];
  const host = ansibleHost(inventory, name, place);
  members.add(name);
  if (port !== undefined) host.vars.set('ansible_port', { value: Number(port), place });
  for (const field of rest) {
    const at = field.indexOf('=');
    if (at < 1) draft.leave(place, field.slice(0, 120), 'is not NAME=VALUE');
    else host.vars.set(field.slice(0, at), { value: literal(field.slice(at + 1)), place } satisfies AnsibleValue);
  }
}

/** The fields of a line, white space between quotes belonging to them; ` #` begins a comment. */
function splitFields(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quote = '';
  for (const char of line) {
    if (quote !== '') {
      if (char === quote) quote = '';
      field += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      field += char;
    } else if (/\s/.test(char)) {
      if (field !== '') fields.push(field);
      field = '';
    } else if (char === '#' && field === '') return fields;
    else field += char;
  }
  return field === '' ? fields : [...fields, field];
}

/** Ansible takes values as Python literals where they are. */
function literal(text: string): unknown {
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (/^(true|yes)$/i.test(text)) return true;
  return /^(false|no)$/i.test(text) ? false : text;
}
