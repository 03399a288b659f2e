import { quote } from '../ssh/quote.ts';
import { ref, type Kind, type ResourceRef, type Step } from './resource.ts';

/** A service that has to run now and after a boot. */
export interface ServiceResource {
  readonly kind: 'service';
  /** systemd unit with its suffix. */
  readonly unit: string;
  /** Files whose change it takes over by a reload: it keeps its connections. */
  readonly reloadOn: readonly ResourceRef[];
  /** Resources whose change needs a restart. */
  readonly restartOn: readonly ResourceRef[];
  /** Paths of its configuration: newer than the running service, and a reload is still owed. */
  readonly configuration: readonly string[];
  /** sh that succeeds once it does its work, tried for up to 30 seconds after a start or a reload. */
  readonly ready?: string;
}

/** What systemd says of a unit. */
export interface ServiceState {
  readonly loaded: boolean;
  readonly active: string;
  readonly enabled: boolean;
  /** Configuration files that are newer than what the service has loaded. */
  readonly owed: readonly string[];
}

/** Where the time of the last reload of a unit is kept: systemd does not say. */
const stamps = '/run/lvsctl/loaded';

/** Services, by one `systemctl show` for all. A change of configuration is a reload, never a restart. */
export const service: Kind<ServiceResource, ServiceState> = {
  kind: 'service',
  name: (resource) => resource.unit,

  probe(resources) {
    const units = resources.map((resource) => quote(resource.unit)).join(' ');
    const files = resources.flatMap(({ unit, configuration }) =>
      configuration.length === 0 ? [] : [quote(`${stamps}/${unit}`), ...configuration.map(quote)],
    );
    return [
      `systemctl show --timestamp=unix -p LoadState -p ActiveState -p UnitFileState -p ActiveEnterTimestamp -- ${units}`,
      'echo',
      ...(files.length === 0 ? [] : [`stat -c 'changed %Y %n' -- ${files.join(' ')} 2>/dev/null`]),
    ].join('\n');
  },

  read(output, resources) {
    const changed = new Map<string, number>();
    for (const [, seconds, path] of output.matchAll(/^changed (\d+) (.+)$/gm)) {
      if (path !== undefined) changed.set(path, Number(seconds));
    }
    const blocks = output.trimStart().split(/\n\n+/);
    const states = new Map<string, ServiceState>();
    resources.forEach((resource, index) => {
      const properties = new Map<string, string>();
      for (const [, key, value] of (blocks[index] ?? '').matchAll(/^(\w+)=(.*)$/gm)) {
        if (key !== undefined) properties.set(key, value ?? '');
      }
      const active = properties.get('ActiveState');
      if (active === undefined) return;
      const started = Number(/^@(\d+)/.exec(properties.get('ActiveEnterTimestamp') ?? '')?.[1] ?? 0);
      const loaded = Math.max(started, changed.get(`${stamps}/${resource.unit}`) ?? 0);
      states.set(resource.unit, {
        loaded: properties.get('LoadState') === 'loaded',
        active,
        enabled: properties.get('UnitFileState') === 'enabled',
        owed: resource.configuration.filter((path) => started > 0 && (changed.get(path) ?? 0) > loaded),
      });
    });
    return states;
  },

  change(resource, observed, context) {
    const steps: Step[] = [];
    const unit = quote(resource.unit);
    const name = ref('service', resource.unit);
    if (!observed?.enabled) {
      steps.push({
        resource: name,
        action: 'update',
        summary: 'enable at boot',
        impact: 'none',
        // Enabling costs a second where there is a SysV script as well; its package has often done it by then.
        sh: `[ "$(systemctl show -P UnitFileState -- ${unit})" = enabled ] || systemctl -q enable -- ${unit}`,
        undo: `systemctl -q disable -- ${unit}`,
      });
    }
    const stamp = quote(`${stamps}/${resource.unit}`);
    const loaded = [
      'mkdir -p /run/lvsctl/loaded',
      `touch -- ${stamp}`,
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
          `systemctl reset-failed -- ${unit} 2>/dev/null || :`,
          `bring_up ${resource.reloadOn.length > 0 ? 'reload-or-restart' : 'start'} ${unit}`,
          ...ready,
          ...loaded,
        ].join('\n'),
        undo: `systemctl stop -- ${unit}`,
      });
      return steps;
    }
    const restart = resource.restartOn.filter((one) => context.changed(one));
    const reload = resource.reloadOn.filter((one) => context.changed(one));
    const verb = restart.length > 0 ? 'restart' : reload.length + observed.owed.length > 0 ? 'reload' : undefined;
    if (verb === undefined) return steps;
    const sh = [`systemctl ${verb} -- ${unit}`, `systemctl -q is-active -- ${unit}`, ...ready, ...loaded].join('\n');
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
};
