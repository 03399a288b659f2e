import { base, cluster, type Machine } from '../inventory/reading.ts';
import { wishesOf } from '../support/cluster.ts';

/** keepalived.conf of a director of the small case with what is given, which does not hand over unless that says so. */
export function configurationOf(text: string, director: string, machine?: Machine): string {
  const host = wishesOf(cluster(`${base}rollout: { switchOver: false }\n${text}`, machine)).find(
    (one) => one.host.name === director,
  );
  const file = host?.resources.find(({ ref }) => ref === 'file /etc/keepalived/keepalived.conf')?.resource;
  if (file?.kind !== 'file') throw new Error(`${director} has no keepalived.conf`);
  return file.content ?? '';
}

/** A block, without its first and last line and without the indentation of its lines. */
export function block(text: string, head: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.trim() === `${head} {`);
  const indent = /^ */.exec(lines[start] ?? '')?.[0].length ?? 0;
  const end = lines.findIndex((line, n) => n > start && line === `${' '.repeat(indent)}}`);
  return lines
    .slice(start + 1, end)
    .map((line) => line.trim())
    .join('\n');
}
