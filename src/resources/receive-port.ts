import type { Family } from '../inventory/cluster.ts';
import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A UDP port on which GUE packets are unpacked, ip-fou(8); that it is open after a boot is the business of a unit. */
export interface ReceivePortResource {
  readonly kind: 'receive-port';
  readonly family: Family;
  /** 1–65535. */
  readonly port: number;
}

/** What `ip -j fou show` prints, as far as it is used. `gue` is there and null for a port of that kind. */
interface FouPort {
  readonly port: number;
  readonly gue?: null;
  readonly family: 'inet' | 'inet6';
}

/** `other`: the port unpacks something that is not GUE. */
export type ReceivePortState = 'open' | 'other' | 'absent';

/** Receive ports, by one `ip -j fou show` for all; without the module nothing is open, and the command fails. */
export const receivePort: Kind<ReceivePortResource, ReceivePortState> = {
  kind: 'receive-port',
  name: ({ family, port }) => `${port}/udp over IPv${family}`,

  probe: () => 'ip -j fou show 2>/dev/null || :',

  read(output, resources) {
    const ports = JSON.parse(output.trim() || '[]') as readonly FouPort[];
    return new Map(
      resources.map((resource) => {
        const family = resource.family === 4 ? 'inet' : 'inet6';
        const found = ports.find((one) => one.port === resource.port && one.family === family);
        const state: ReceivePortState = found === undefined ? 'absent' : 'gue' in found ? 'open' : 'other';
        return [receivePort.name(resource), state];
      }),
    );
  },

  change(resource, observed = 'absent') {
    if (observed === 'open') return [];
    const { add, del } = commands(resource);
    const step = { resource: ref('receive-port', receivePort.name(resource)), impact: 'none' } as const;
    // What else may unpack there is not known well enough to be put back.
    if (observed === 'other') {
      const what = `UDP port ${resource.port} unpacks something else already: choose another port for gue`;
      return [{ ...step, action: 'update', summary: what, sh: `echo ${quote(what)}\nfalse`, undo: ':' }];
    }
    return [{ ...step, action: 'create', summary: 'open for GUE', sh: add, undo: `${del} 2>/dev/null || :` }];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'absent') }),

  remove(resource, observed = 'absent', before = 'absent') {
    if (observed !== 'open' || before === 'open') return [];
    const { add, del } = commands(resource);
    return [
      {
        resource: ref('receive-port', receivePort.name(resource)),
        action: 'delete',
        summary: 'close',
        impact: 'interrupt',
        sh: `${del} 2>/dev/null || :`,
        undo: add,
      },
    ];
  },
};

function commands({ family, port }: ReceivePortResource): { readonly add: string; readonly del: string } {
  return { add: `ip -${family} fou add port ${port} gue`, del: `ip -${family} fou del port ${port}` };
}
