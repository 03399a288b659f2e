import { checksOf } from '../inventory/check-of.ts';
import type { CheckKind, Cluster, HealthCheck, RealServer, StatusRange, VirtualService } from '../inventory/cluster.ts';
import type { RoleContext } from '../roles/role.ts';
import { sessionName } from './bfd.ts';
import { part } from './part.ts';

/** The checkers of a real server, keepalived.conf(5); those with another interval than the first one's say so. */
export function checkers(context: RoleContext, service: VirtualService, server: RealServer): string {
  const checks = checksOf(service, server);
  return checks
    .map((check) => {
      const interval = check.interval === checks[0].interval ? undefined : check.interval;
      return checker(context, service, server, { ...check, interval });
    })
    .join('\n');
}

function checker(
  context: RoleContext,
  service: VirtualService,
  server: RealServer,
  check: Omit<HealthCheck, 'interval'> & { readonly interval: number | undefined },
): string {
  const { kind } = check;
  const connection = part(context, 'check-connection', { ...check, port: portOf(service, server, check) }, 4);
  return part(context, `check-${kind.type}`, { ...check, ...kind, ...written(context, kind, server), connection }, 8);
}

/** A service by its mark has real servers without a port, so that a check has to be told which. */
function portOf(
  { mark }: VirtualService,
  server: RealServer,
  { kind, port }: Pick<HealthCheck, 'kind' | 'port'>,
): number | undefined {
  if (kind.type === 'ping') return undefined;
  return port ?? (mark ? server.port : undefined);
}

/** What a kind of check is written as, where that is not how the inventory has it. */
function written(context: RoleContext, kind: CheckKind, server: RealServer): Readonly<Record<string, unknown>> {
  switch (kind.type) {
    case 'http':
    case 'https':
      return { status: kind.status.map(statusText).join(' ') };
    case 'udp':
      return { isAnswered: kind.reply !== undefined };
    case 'file':
      return {
        trackFile: nameOf(watchedFiles(context.cluster), pathFor(kind.path, server)),
        weight: String(kind.weight ?? 0),
      };
    case 'bfd':
      return { session: sessionName(server.address) };
    case 'misc':
      return { command: [kind.script.path, server.address, server.port, ...kind.args].join(' ') };
    case 'tcp':
    case 'smtp':
    case 'dns':
    case 'ping':
      return {};
  }
}

function statusText({ first, last }: StatusRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/** The `track_file` blocks that the checks by files need, keepalived.conf(5). */
export function checkedFiles(context: RoleContext): string[] {
  const files = watchedFiles(context.cluster);
  return files.map((path) => part(context, 'track-file', { name: nameOf(files, path), path, initial: 0 }));
}

/** The files that checks watch, each once. */
export function watchedFiles({ services }: Cluster): string[] {
  const paths = services.flatMap((service) =>
    service.realServers.flatMap((server) =>
      checksOf(service, server).flatMap(({ kind }) => (kind.type === 'file' ? [pathFor(kind.path, server)] : [])),
    ),
  );
  return [...new Set(paths)];
}

function pathFor(path: string, { host }: RealServer): string {
  return path.replaceAll('%h', host);
}

function nameOf(files: readonly string[], path: string): string {
  return `check_${files.indexOf(path) + 1}`;
}
