import { checksOf } from '../../inventory/check-of.ts';
import type { Cluster, Notify, Program, Script } from '../../inventory/cluster.ts';
import { watchedFiles } from '../../keepalived/check.ts';
import { allTrackers } from '../../keepalived/watchers.ts';
import type { Resource } from '../../resources/index.ts';
import { dirname } from 'node:path/posix';

/** The scripts that keepalived runs, root's as its script security wants them, and the folders of the files it watches. */
export function keepalivedScripts(cluster: Cluster): Resource[] {
  const scripts = new Map(scriptsOf(cluster).map((script) => [script.path, script]));
  const folders = new Set([...scripts.keys()].map((path) => dirname(path)));
  const tracked = allTrackers(cluster).flatMap((one) => (one.type === 'file' ? [one.path] : []));
  const watched = [...tracked, ...watchedFiles(cluster)].map((path) => dirname(path));
  return [
    ...[...folders].map((path): Resource => ({ kind: 'directory', path, mode: '0755' })),
    ...[...new Set(watched)].map((path): Resource => ({ kind: 'directory', path, mode: undefined })),
    ...[...scripts.values()].map(({ path, content }): Resource => ({
      kind: 'file',
      path,
      content,
      mode: '0755',
      owner: 'root',
      group: 'root',
    })),
  ];
}

/** Every script of checks, trackers and notifications. */
function scriptsOf(cluster: Cluster): Script[] {
  const { services, vrrp, syncGroups } = cluster;
  const checks = services.flatMap((service) =>
    service.realServers.flatMap((server) =>
      checksOf(service, server).flatMap(({ kind }) => (kind.type === 'misc' ? [kind.script] : [])),
    ),
  );
  const tracked = allTrackers(cluster).flatMap((one) => (one.type === 'script' ? [one.program] : []));
  const changes = [...vrrp, ...syncGroups].flatMap(({ notify }) => programsOf(notify));
  const ends = services.flatMap(({ quorumNotify, realServers }) => [
    quorumNotify,
    ...realServers.map((one) => one.notify),
  ]);
  const programs = [...tracked, ...changes, ...ends.flatMap(({ up, down }) => [up, down])];
  return [...checks, ...programs.flatMap((program) => program?.script ?? [])];
}

function programsOf({ all, master, backup, fault, stop }: Notify): (Program | undefined)[] {
  return [all, master, backup, fault, stop];
}
