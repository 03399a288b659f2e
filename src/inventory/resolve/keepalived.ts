import type { GarpSettings, KeepalivedSettings } from '../cluster.ts';
import type { Written } from '../schema.ts';

type WrittenGarp = NonNullable<NonNullable<Written['keepalived']>['garp']>;

/** What holds for keepalived as a whole. */
export function resolveKeepalived({ keepalived = {} }: Written): KeepalivedSettings {
  const { version, scriptUser = 'nobody', startupDelay, garp, options, extra = [] } = keepalived;
  return {
    version,
    scriptUser,
    startupDelay,
    // Switches that were restarted, and neighbours that forgot, learn the way again: keepalived issue 166.
    garp: { ...resolveGarp(garp), refresh: garp?.refresh ?? 60 },
    options,
    extra,
  };
}

/** Gratuitous ARP as it is written. */
export function resolveGarp({ delay, repeat, refresh, refreshRepeat }: WrittenGarp = {}): GarpSettings {
  return { delay, repeat, refresh, refreshRepeat };
}
