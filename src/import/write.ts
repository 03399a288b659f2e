import { Document, isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Draft, Entry } from './draft.ts';

/** Maps and lists with at most so many characters stand on one line. */
const shortEnough = 90;

/** Writes a draft as the text of an inventory, with what could not be carried over at its end. */
export function writeDraft(draft: Draft, from: string): string {
  const document = new Document(sections(draft));
  for (const [key, comment] of Object.entries(words)) {
    if (!isMap(document.contents)) continue;
    const pair = document.contents.items.find((item) => String(item.key) === key);
    const node = pair?.key as { commentBefore?: string; spaceBefore?: boolean } | undefined;
    if (node) Object.assign(node, { commentBefore: ` ${comment}`, spaceBefore: true });
  }
  visit(document, {
    Collection(_key, node, path) {
      // The sections are open; what is in them is on a line if it fits.
      const depth = path.filter((one) => isMap(one) || isSeq(one)).length;
      if (
        depth >= 1 &&
        JSON.stringify(node.toJSON()).length <= shortEnough &&
        (isSeq(node) || depth >= 2 || small.has(keyOf(path)))
      )
        node.flow = true;
    },
  });
  const head = `# Imported from ${from} by "lvsctl import". "lvsctl check -i FILE" says what is still missing.\n\n`;
  return `${head}${document.toString({ lineWidth: 0, flowCollectionPadding: true })}${remainder(draft)}`;
}

const small = new Set(['ssh', 'verify']);

function keyOf(path: readonly unknown[]): string {
  const pair = path.at(-1);
  return isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : '';
}

const words: Readonly<Record<string, string>> = {
  hosts: 'Every host with its address, and how to log in where that differs.',
  groups: 'Groups of hosts, and what holds for all of a group.',
  directors: 'keepalived and IPVS run here. The first is the preferred master.',
  vrrp: 'Which VIPs move together.',
  services: 'Virtual services and the real servers behind them.',
};

function sections(draft: Draft): Entry {
  const record = (map: ReadonlyMap<string, unknown>) => (map.size === 0 ? undefined : Object.fromEntries(map));
  const { ssh, become, vars, ...rest } = draft.top;
  const all = {
    ...{ cluster: draft.cluster, ssh, become, vars },
    ...{ hosts: record(draft.hosts), groups: record(draft.groups) },
    directors: draft.directors.length === 0 ? undefined : draft.directors,
    ...{ vrrp: record(draft.vrrp), syncGroups: record(draft.syncGroups), services: record(draft.services) },
    ...rest,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function remainder({ left }: Draft): string {
  if (left.length === 0) return '';
  const lines = left.map(({ place, found, remedy }) => `#   ${flat(place)}: ${flat(found)}\n#     ${flat(remedy)}\n`);
  return `\n# Not carried over, or to be decided by you:\n${lines.join('')}`;
}

/** A line of a comment, whatever the text was. */
function flat(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
