import type { Leftover } from '../manifest/manifest.ts';
import type { Resource } from '../resources/index.ts';
import type { MaskedUnitState } from '../resources/masked-unit.ts';
import type { SegmentSizeState } from '../resources/segment-size.ts';
import { runsNow, type ServiceState } from '../resources/service.ts';

/**
 * Whether something that is not wished any more has to go before something wished can come: both want the same port, unit, route
 * or path. All else is taken away last, when nobody is sent there any more.
 *
 * @param state how the wished one was observed.
 */
export function isInTheWay(leftover: Resource, wished: Resource, state: unknown): boolean {
  switch (wished.kind) {
    case 'service':
      if (leftover.kind === 'masked-unit') return sameProgram(leftover.unit, wished.unit);
      return listening(leftover) && wantsPortOf(leftover.listens, wished.listens, state as ServiceState | undefined);
    case 'masked-unit':
      return leftover.kind === 'service' && sameProgram(leftover.unit, wished.unit);
    case 'file':
      if (leftover.kind === 'directory') return leftover.path === wished.path;
      return listening(leftover) && shared(leftover.listens, wished.listens);
    case 'directory':
      return leftover.kind === 'file' && leftover.path === wished.path;
    case 'mount':
      return leftover.kind === 'mount' && leftover.path.startsWith(`${wished.path}/`);
    case 'route':
      return (
        leftover.kind === 'route' &&
        leftover.family === wished.family &&
        leftover.table === wished.table &&
        leftover.destination === wished.destination
      );
    case 'segment-size':
      return leftover.kind === 'segment-size' && leftover.family === wished.family;
    default:
      return false;
  }
}

/**
 * How a wished resource will be once what is in its way has gone, which is how it was before lvsctl came as far as that is the same
 * thing; otherwise as it was observed.
 */
export function onceGone(wished: Resource, leftover: Leftover, observed: unknown): unknown {
  const { entry, before } = leftover;
  const { resource } = entry;
  if (wished.kind === 'route') return before ?? [];
  if (wished.kind === 'segment-size' && resource.kind === 'segment-size') {
    const seen = (observed as SegmentSizeState | undefined) ?? [];
    return seen.map((one) => (one.most === resource.most ? { ...one, most: undefined } : one));
  }
  if (wished.kind === 'masked-unit' && before !== undefined) {
    const { enabled, ...was } = before as ServiceState;
    return { masked: false, active: runsNow({ ...was, enabled }), enabled } satisfies MaskedUnitState;
  }
  if (wished.kind === 'service' && resource.kind === 'masked-unit' && resource.unit === wished.unit && before) {
    const { masked, active, enabled } = before as MaskedUnitState;
    const state = { loaded: !masked, active: active ? 'active' : 'inactive', enabled, owed: [] };
    return state satisfies ServiceState;
  }
  return observed;
}

type Listening = Extract<Resource, { readonly kind: 'service' | 'file' }>;

/** Of a file it is known when a program listens because of it. */
function listening(resource: Resource): resource is Listening {
  return resource.kind === 'service' || (resource.kind === 'file' && resource.listens !== undefined);
}

/** One whose ports nobody knows may want any: it is taken to when it has yet to be started. */
function wantsPortOf(
  taken: readonly number[] | undefined,
  wanted: readonly number[] | undefined,
  state: ServiceState | undefined,
): boolean {
  if (taken !== undefined && wanted !== undefined) return shared(taken, wanted);
  const none = (ports: readonly number[] | undefined): boolean => ports?.length === 0;
  return !none(taken) && !none(wanted) && !(state !== undefined && runsNow(state));
}

function shared(taken: readonly number[] | undefined, wanted: readonly number[] | undefined): boolean {
  return taken?.some((port) => wanted?.includes(port)) === true;
}

/** A socket and the service that it starts, systemd.socket(5), are one thing. */
function sameProgram(one: string, other: string): boolean {
  const name = (unit: string): string => unit.replace(/\.(?:socket|service)$/, '');
  return name(one) === name(other);
}
