import type { App, AppFile } from '../inventory/cluster.ts';
import type { Resource } from '../resources/index.ts';
import { ref } from '../resources/resource.ts';
import { quote } from '../ssh/quote.ts';
import { common } from './settings.ts';
import type { Role, RoleContext } from './role.ts';

/** A host that runs services besides those that lvsctl knows. */
export const app: Role = {
  name: 'app',
  stage: 'real-servers',
  applies: (cluster, { name }) => cluster.apps.some(({ hosts }) => hosts.includes(name)),
  packages: ({ cluster, host }) => appsOf(cluster.apps, host.name).flatMap(({ packages }) => packages),

  resources: (context) =>
    appsOf(context.cluster.apps, context.host.name).flatMap((one) => [
      ...one.folders.map((folder): Resource => ({ kind: 'directory', ...folder })),
      ...one.files.map((file) => fileOf(context, one, file)),
      ...serviceOf(one),
    ]),
};

/** The apps that a host runs. */
export function appsOf(apps: readonly App[], host: string): App[] {
  return apps.filter(({ hosts }) => hosts.includes(host));
}

function fileOf(context: RoleContext, { name, hosts }: App, file: AppFile): Resource {
  const { path, text, owner, group, mode } = file;
  const content =
    text.type === 'plain'
      ? text.content
      : context.render(
          { path: text.path, source: text.source },
          {
            ...common(context),
            app: name,
            address: context.host.addresses[0]?.address,
            hosts: members(context, hosts),
          },
        );
  return {
    ...{ kind: 'file', path, content, owner, group, mode },
    ...(file.validate === undefined ? {} : { validate: candidate(file.validate) }),
    ...(isUnitFile(path) ? { then: context.platform.services.reread('start') } : {}),
    ...(file.secret ? { mask: 'all' } : {}),
  };
}

/** The hosts of an app as its templates see them. */
function members({ cluster }: RoleContext, names: readonly string[]): Record<string, unknown>[] {
  return cluster.hosts
    .filter(({ name }) => names.includes(name))
    .map(({ name, addresses, vars }) => ({ name, address: addresses[0]?.address, vars }));
}

/** A check of the candidate; `%s` is its path. */
function candidate(command: readonly string[]): string {
  const words = command.map((word) => (word === '%s' ? '"$new"' : quote(word))).join(' ');
  return `${words} || { echo ${quote(`${command[0] ?? ''} refuses the file`)}; false; }`;
}

function isUnitFile(path: string): boolean {
  return path.startsWith('/etc/systemd/system/');
}

function serviceOf(one: App): Resource[] {
  if (one.unit === undefined) return [];
  const on = (verb: AppFile['onChange']) =>
    one.files
      .filter(({ onChange, path }) => (isUnitFile(path) ? 'restart' : onChange) === verb)
      .map(({ path }) => path);
  const ready = readyLines(one);
  return [
    {
      kind: 'service',
      unit: one.unit,
      reloadOn: on('reload').map((path) => ref('file', path)),
      restartOn: on('restart').map((path) => ref('file', path)),
      configuration: on('reload'),
      ...(one.ready.port === undefined ? {} : { listens: [one.ready.port] }),
      ...(ready === undefined ? {} : { ready }),
    },
  ];
}

/** sh that succeeds once an app does its work; undefined: nothing was said about that. */
export function readyLines({ ready: { port, command } }: App): string | undefined {
  const lines = [
    ...(port === undefined ? [] : [`ss -Hltn sport = :${port} | grep -q .`]),
    ...(command === undefined ? [] : [command.map(quote).join(' ')]),
  ];
  return lines.length === 0 ? undefined : lines.join(' && ');
}
