import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { ansibleGroup, ansibleHost, emptyAnsible, type AnsibleInventory, type AnsibleValue } from './ansible-model.ts';
import type { Draft } from './draft.ts';

/** Groups in groups that are followed. */
const deepest = 50;

/** Reads an inventory in Ansible's YAML form: groups with `hosts`, `children` and `vars`. */
export function readAnsibleYaml(file: string, text: string, draft: Draft): AnsibleInventory {
  const inventory = emptyAnsible();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: false });
  const place = (node: unknown): string => {
    const offset = (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0;
    return `${file}:${lines.linePos(offset).line}`;
  };
  const [error] = document.errors;
  if (error !== undefined) {
    draft.leave(
      `${file}:${lines.linePos(error.pos[0]).line}`,
      error.message.split('\n')[0] ?? '',
      'is not YAML; nothing after it was read',
    );
    return inventory;
  }
  const valueOf = (node: unknown): unknown => {
    if (isScalar(node)) return node.value;
    return (
      (node as { toJS?: (document: unknown, options: object) => unknown } | null)?.toJS?.(document, {
        maxAliasCount: 100,
      }) ?? null
    );
  };
  const vars = (node: YAMLMap, into: Map<string, AnsibleValue>): void => {
    for (const { key, value } of node.items) into.set(nameOf(key), { value: valueOf(value), place: place(key) });
  };
  const group = (name: string, body: unknown, at: unknown, depth: number): void => {
    const known = ansibleGroup(inventory, name, place(at));
    if (!isMap(body)) return;
    if (depth > deepest) {
      draft.leave(place(at), name, 'is nested too deeply and was not read');
      return;
    }
    for (const { key, value } of body.items) {
      const section = nameOf(key);
      if (section === 'vars' && isMap(value)) vars(value, known.vars);
      else if (section === 'hosts' && isMap(value)) {
        for (const one of value.items) {
          const host = ansibleHost(inventory, nameOf(one.key), place(one.key));
          known.hosts.add(nameOf(one.key));
          if (isMap(one.value)) vars(one.value, host.vars);
        }
      } else if (section === 'children' && isMap(value)) {
        for (const one of value.items) {
          known.children.add(nameOf(one.key));
          group(nameOf(one.key), one.value, one.key, depth + 1);
        }
      } else if (!(isScalar(value) && value.value === null))
        draft.leave(place(key), section, 'is none of hosts, children and vars');
    }
  };
  if (isMap(document.contents)) for (const { key, value } of document.contents.items) group(nameOf(key), value, key, 0);
  return inventory;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key).slice(0, 200);
}
