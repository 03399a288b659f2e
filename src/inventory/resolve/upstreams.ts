import type { Upstream } from '../cluster.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';

type WrittenUpstream =
  | string
  | {
      readonly host: string;
      readonly port?: number | undefined;
      readonly weight?: number | undefined;
      readonly backup?: boolean | undefined;
    };

/** The servers behind a proxy in the order written; a host that is there twice on one port is reported. */
export function resolveUpstreams(
  written: readonly WrittenUpstream[],
  port: number,
  path: Path,
  context: Context,
): Upstream[] {
  const excluded = new Set(
    written.flatMap((entry, n) =>
      typeof entry === 'string' && entry.startsWith('!') ? context.selectOne(entry.slice(1), [...path, n]) : [],
    ),
  );
  const upstreams = new Map<string, Upstream>();
  for (const [n, entry] of written.entries()) {
    const own = typeof entry === 'string' ? { host: entry } : entry;
    if (own.host.startsWith('!')) continue;
    const place = [...path, n, ...(typeof entry === 'string' ? [] : ['host'])];
    for (const host of context.selectOne(own.host, place)) {
      if (excluded.has(host)) continue;
      const one = { host, port: own.port ?? port, weight: own.weight ?? 1, backup: own.backup ?? false };
      const id = `${host}:${one.port}`;
      if (upstreams.has(id)) context.report('duplicate', place, `${host} is behind it on port ${one.port} already`);
      else {
        context.link([...path, upstreams.size], [...path, n]);
        upstreams.set(id, one);
      }
    }
  }
  return [...upstreams.values()];
}
