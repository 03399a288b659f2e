import type { Platform } from '../platform/platform.ts';
import { quote } from '../ssh/quote.ts';
import { ref, type Kind, type ResourceRef, type Step } from './resource.ts';
import { clearWritten, probeWritten, readLacking, type Lacking } from './written-files.ts';

/** A service that has to run now and after a boot. */
export interface ServiceResource {
  readonly kind: 'service';
  /** As the host's service manager names it: a systemd unit with its suffix, a script of OpenRC. */
  readonly unit: string;
  /** Files whose change it takes over by a reload: it keeps its connections. */
  readonly reloadOn: readonly ResourceRef[];
  /** Resources whose change needs a restart. */
  readonly restartOn: readonly ResourceRef[];
  /** Paths of its configuration: newer than the running service, and a reload is still owed. */
  readonly configuration: readonly string[];
  /** Files that the program makes by itself. They go with it where they were not there before. */
  readonly writes?: readonly string[];
  /** Ports that it listens on, of whatever protocol; undefined: not known. */
  readonly listens?: readonly number[];
  /** sh that succeeds once it does its work, tried for up to 30 seconds after a start or a reload. */
  readonly ready?: string;
}

/** What the service manager says of a unit. */
export interface ServiceState {
  readonly loaded: boolean;
  readonly active: string;
  readonly enabled: boolean;
  /** Configuration files that are newer than what the service has loaded. */
  readonly owed: readonly string[];
  /** Which of the files that it writes are not there; undefined: not known. */
  readonly lacking?: Lacking;
}

/** Where the time of the last reload of a unit is kept: no service manager says. */
const stamps = '/run/lvsctl/loaded';

/** Services, by one question for all. A change of configuration is a reload, never a restart. */
export const service: Kind<ServiceResource, ServiceState> = {
  kind: 'service',
  name: (resource) => resource.unit,

  probe(resources, { services }) {
    const files = resources.flatMap(({ unit, configuration }) =>
      configuration.length === 0 ? [] : [quote(`${stamps}/${unit}`), ...configuration.map(quote)],
    );
    return [
      services.show(resources.map((resource) => resource.unit)),
      ...probeWritten(resources.flatMap(({ writes = [] }) => writes)),
      ...(files.length === 0 ? [] : [`stat -c 'changed %Y %n' -- ${files.join(' ')} 2>/dev/null`]),
    ].join('\n');
  },

  read(output, resources) {
    const changed = new Map<string, number>();
    for (const [, seconds, path] of output.matchAll(/^changed (\d+) (.+)$/gm)) {
      if (path !== undefined) changed.set(path, Number(seconds));
    }
    const booted = Number(/^booted (\d+)$/m.exec(output)?.[1] ?? 0);
    const blocks = output.trimStart().split(/\n\n+/);
    const states = new Map<string, ServiceState>();
    resources.forEach((resource, index) => {
      const properties = new Map<string, string>();
      for (const [, key, value] of (blocks[index] ?? '').matchAll(/^(\w+)=(.*)$/gm)) {
        if (key !== undefined) properties.set(key, value ?? '');
      }
      const active = properties.get('ActiveState');
      if (active === undefined) return;
      const monotonic = Number(properties.get('ActiveEnterTimestampMonotonic') ?? 0);
      const started =
        monotonic > 0
          ? booted + Math.floor(monotonic / 1_000_000)
          : Number(/^@(\d+)/.exec(properties.get('ActiveEnterTimestamp') ?? '')?.[1] ?? 0);
      const loaded = Math.max(started, changed.get(`${stamps}/${resource.unit}`) ?? 0);
      states.set(resource.unit, {
        loaded: properties.get('LoadState') === 'loaded',
        active,
        enabled: properties.get('UnitFileState') === 'enabled',
        owed: resource.configuration.filter((path) => started > 0 && (changed.get(path) ?? 0) > loaded),
        ...(resource.writes === undefined ? {} : { lacking: readLacking(output, resource.writes) }),
      });
    });
    return states;
  },

  change(resource, observed, context) {
    const steps: Step[] = [];
    const { services } = context.platform;
    const { unit } = resource;
    const name = ref('service', resource.unit);
    if (!observed?.enabled) {
      steps.push({
        resource: name,
        action: 'update',
        summary: 'enable at boot',
        impact: 'none',
        sh: services.enable(unit),
        undo: services.disable(unit),
      });
    }
    const stamp = quote(`${stamps}/${resource.unit}`);
    const loaded = [
      `[ -d ${stamps} ] || mkdir -p ${stamps}`,
      `echo >${stamp}`,
      // A file from the future, as a clock that was set back leaves it, would be owed for ever.
      ...resource.configuration.map(
        (path) => `[ ! ${quote(path)} -nt ${stamp} ] || touch -r ${quote(path)} -- ${stamp}`,
      ),
    ];
    const ready = resource.ready === undefined ? [] : [`patiently 30 sh -c ${quote(resource.ready)}`];
    if (observed?.active !== 'active' && observed?.active !== 'reloading') {
      steps.push({
        resource: name,
        action: 'update',
        summary: observed?.active === 'failed' ? 'start (it had failed)' : 'start',
        impact: 'none',
        // Its package may have started it by then, with another configuration than ours.
        sh: [
          resource.restartOn.some((one) => context.changed(one))
            ? services.again('restart', unit)
            : services.start(unit, resource.reloadOn.length > 0),
          ...ready,
          ...loaded,
        ].join('\n'),
        undo: [services.stop(unit), ...clearWritten(observed?.lacking ?? {})].join('\n'),
      });
      return steps;
    }
    const restart = resource.restartOn.filter((one) => context.changed(one));
    const reload = resource.reloadOn.filter((one) => context.changed(one));
    const verb = restart.length > 0 ? 'restart' : reload.length + observed.owed.length > 0 ? 'reload' : undefined;
    if (verb === undefined) return steps;
    const sh = [services.again(verb, unit), ...ready, ...loaded].join('\n');
    const reasons = [...restart, ...reload].map((one) => one.slice(one.indexOf(' ') + 1));
    steps.push({
      resource: name,
      action: 'run',
      summary: reasons.length > 0 ? `${verb} for ${reasons.join(', ')}` : `reload owed for ${observed.owed.join(', ')}`,
      impact: verb === 'restart' ? 'interrupt' : 'reload',
      sh,
      undo: undefined,
      settle: sh,
    });
    return steps;
  },

  remember: ({ unit, reloadOn, restartOn, writes, listens }, observed, earlier) => ({
    resource: {
      ...{ kind: 'service', unit, reloadOn, restartOn, configuration: [] },
      ...(writes === undefined ? {} : { writes }),
      ...(listens === undefined ? {} : { listens }),
    },
    before: earlier ? earlier.before : (observed ?? { loaded: false, active: 'inactive', enabled: false, owed: [] }),
  }),

  remove(resource, observed, before, { platform: { services } }) {
    if (observed === undefined) return [];
    const steps: Step[] = [];
    const { unit } = resource;
    const name = ref('service', resource.unit);
    if (runsNow(observed) && !(before !== undefined && runsNow(before))) {
      steps.push({
        resource: name,
        action: 'delete',
        summary: 'stop',
        impact: 'interrupt',
        sh: services.stop(unit),
        undo: services.start(unit, false),
      });
    }
    if (observed.enabled && before?.enabled !== true) {
      steps.push({
        resource: name,
        action: 'delete',
        summary: 'no more at boot',
        impact: 'none',
        sh: services.disable(unit),
        undo: services.enable(unit),
      });
    }
    const came = before !== undefined && !runsNow(before) ? broughtSince(before.lacking, observed.lacking) : {};
    if (Object.keys(came).length > 0) {
      steps.push({
        resource: name,
        action: 'delete',
        summary: `remove what it wrote, ${Object.keys(came).join(', ')}`,
        impact: 'none',
        sh: clearWritten(came).join('\n'),
        // It writes it again when it starts.
        undo: ':',
      });
    }
    return steps;
  },
};

function broughtSince(before: Lacking = {}, now: Lacking = before): Lacking {
  return Object.fromEntries(Object.entries(before).filter(([path]) => now[path] === undefined));
}

/** Whether a unit was seen to run: one that reloads or starts does. */
export function runsNow({ active }: ServiceState): boolean {
  return active === 'active' || active === 'reloading' || active === 'activating';
}

/** The step by which a running service takes up that files of its configuration were taken away or put back. */
export function takeUp(unit: string, paths: readonly string[], { services }: Platform): Step {
  const sh = services.start(unit, true);
  return {
    resource: ref('service', unit),
    action: 'run',
    summary: `reload for ${paths.join(', ')}`,
    impact: 'reload',
    sh,
    undo: undefined,
    settle: sh,
  };
}
