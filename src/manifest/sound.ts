import type { Platform } from '../platform/platform.ts';
import { kinds } from '../resources/index.ts';
import type { Entry, Leftover } from './manifest.ts';

/**
 * What a host's manifest says of a resource is only as good as the host: any part of it may have any shape. Whether its kind
 * can ask for it is tried here, so that one host's nonsense stays that host's.
 */
export function canBeAsked({ resource }: Entry, platform: Platform): boolean {
  return succeeds(() => kinds[resource.kind].probe([resource], platform));
}

/** Whether its kind can say how it would be taken away, with packages and without. */
export function canBeRemoved({ entry, observed, before }: Leftover, platform: Platform): boolean {
  const { resource } = entry;
  return [true, false].every((removePackages) =>
    succeeds(() =>
      kinds[resource.kind].remove?.(resource, observed, before, { platform, changed: () => false, removePackages }),
    ),
  );
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
