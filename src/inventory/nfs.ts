import { inNetwork } from './address.ts';
import type { Cluster, Host, NfsExport, NfsMount, NfsOffer } from './cluster.ts';
import { meeting } from './meeting.ts';

/** The export of a server that a path is in: itself, or a folder below it, which clients may mount as well. */
export function exportOf(cluster: Pick<Cluster, 'exports'>, server: string, path: string): NfsExport | undefined {
  const around = cluster.exports.filter((one) => one.host === server && isWithin(path, one.path));
  return around.sort((a, b) => b.path.length - a.path.length)[0];
}

/** Whether a path is a folder or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/**
 * What a host gets of an export, exports(5): its own entry before that of its network, then that of everybody. Who is in a netgroup
 * is not known here: it counts when nothing else does.
 */
export function offerTo(host: Host, server: Host, { offers }: NfsExport): NfsOffer | undefined {
  const address = meeting(host, server)?.from.address;
  const own = offers.find(({ client }) => client.type === 'host' && client.host === host.name);
  const network = offers.find(
    ({ client }) => client.type === 'network' && address !== undefined && inNetwork(address, client),
  );
  const anyone = offers.find(({ client }) => client.type === 'anyone');
  return own ?? network ?? anyone ?? offers.find(({ client }) => client.type === 'netgroup');
}

/** The version that a mount asks for, `4.2` or `3`; undefined: what client and server agree on. The last option counts. */
export function mountVersion({ options }: Pick<NfsMount, 'options'>): string | undefined {
  return options.map((option) => /^(?:nfsvers|vers)=([\d.]+)$/.exec(option)?.[1]).findLast((one) => one !== undefined);
}

/** Whether a mount waits until somebody looks into it. */
export function isAutomount({ options }: { readonly options: readonly string[] }): boolean {
  return options.includes('x-systemd.automount');
}
