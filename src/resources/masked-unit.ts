import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A unit of systemd that must not run, whatever else wants it: systemctl(1) `mask`. */
export interface MaskedUnitResource {
  readonly kind: 'masked-unit';
  readonly unit: string;
}

/** How a unit was found; a unit that is not there counts as masked. */
export interface MaskedUnitState {
  readonly masked: boolean;
  readonly active: boolean;
  /** Whether a boot starts it; of one that is masked it is not known. */
  readonly enabled: boolean;
}

const unknown: MaskedUnitState = { masked: false, active: false, enabled: false };

/** Units that are switched off for good, by one question for all. */
export const maskedUnit: Kind<MaskedUnitResource, MaskedUnitState> = {
  kind: 'masked-unit',
  name: (resource) => resource.unit,

  probe: (resources) =>
    `systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -- ${resources.map(({ unit }) => quote(unit)).join(' ')}`,

  read(output, resources) {
    const states = new Map<string, MaskedUnitState>();
    for (const block of output.split(/\n\n+/)) {
      const value = (key: string): string | undefined => new RegExp(`^${key}=(.*)$`, 'm').exec(block)?.[1];
      const [id, load] = [value('Id'), value('LoadState')];
      if (id === undefined || load === undefined) continue;
      states.set(id, {
        masked: load === 'masked' || load === 'not-found',
        active: value('ActiveState') === 'active',
        enabled: value('UnitFileState') === 'enabled',
      });
    }
    return new Map(
      resources.flatMap(({ unit }) => {
        const state = states.get(unit);
        return state === undefined ? [] : [[unit, state] as const];
      }),
    );
  },

  // Of a host that could not be read, its package may bring the unit and start it.
  change({ unit }, observed = unknown) {
    if (observed.masked && !observed.active) return [];
    const name = quote(unit);
    return [
      {
        resource: ref('masked-unit', unit),
        action: 'update',
        summary: observed.active ? 'stop, and never start' : 'never start',
        impact: 'none',
        sh: switchOff(name),
        undo: [
          ...(observed.masked ? [] : [`systemctl -q unmask -- ${name}`]),
          ...(observed.active ? [`systemctl start -- ${name}`] : []),
          ':',
        ].join('\n'),
      },
    ];
  },

  remember: (resource, observed, earlier) => ({
    resource,
    before: earlier ? earlier.before : (observed ?? unknown),
  }),

  remove({ unit }, observed, before) {
    if (observed?.masked !== true || before === undefined || before.masked) return [];
    const name = quote(unit);
    return [
      {
        resource: ref('masked-unit', unit),
        action: 'delete',
        summary: before.active ? 'may start again, and does' : 'may start again',
        impact: 'none',
        // Its package may be gone by then.
        sh: [`systemctl -q unmask -- ${name} || :`, ...(before.active ? [`systemctl start -- ${name} || :`] : [])].join(
          '\n',
        ),
        undo: switchOff(name),
      },
    ];
  },
};

/** sh for a unit whose name is quoted. */
function switchOff(name: string): string {
  return `systemctl -q mask -- ${name}\nsystemctl stop -- ${name}`;
}
