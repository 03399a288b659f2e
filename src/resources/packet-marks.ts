import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/**
 * Rules in the kernel that put firewall marks on packets. A script of ours sets them (`start`), lists them (`list`) and takes
 * them away (`stop`); the service that runs it at boot does so first, and this finds out whether they still stand.
 */
export interface PacketMarksResource {
  readonly kind: 'packet-marks';
  /** Path of the script. */
  readonly script: string;
  /** The service that runs it. */
  readonly unit: string;
}

/** Where the script notes the digest of what it has set. */
export const marksStamp = '/run/lvsctl/marks';

/** Marks: what the kernel lists now is compared with what it listed when they were set. */
export const packetMarks: Kind<PacketMarksResource, 'set' | 'changed'> = {
  kind: 'packet-marks',
  name: ({ script }) => script,

  probe: (resources) =>
    resources
      .map(({ script }) => quote(script))
      .map(
        (script) =>
          `[ ! -x ${script} ] || [ ! -e ${marksStamp} ] || [ "$(${script} list 2>/dev/null | sha256sum)" != "$(cat ${marksStamp})" ] || echo ${script}`,
      )
      .join('\n'),

  read(output, resources) {
    const set = new Set(output.split('\n'));
    return new Map(resources.map(({ script }) => [script, set.has(script) ? 'set' : 'changed']));
  },

  change({ script, unit }, observed, context) {
    // A service that starts or reloads in this plan has set them by then.
    if (observed === 'set' || context.changed(ref('service', unit))) return [];
    return [
      {
        resource: ref('packet-marks', script),
        action: 'update',
        summary: 'set again: they are not as they were set',
        impact: 'none',
        sh: `${quote(script)} start`,
        undo: ':',
      },
    ];
  },
};
