import type { Step } from '../../resources/resource.ts';

/**
 * A step that breaks something. It tells when it did and when it was taken back, in seconds of the host's uptime, as `fault`, `healing` and
 * `healed`: see {@link readMoment}. `$run` and `say` are those of apply/undo.ts.
 *
 * @param sh breaks it; `set -e` holds.
 * @param undo takes it back, also when it was broken by half or was mended meanwhile.
 */
export function breaking(resource: string, summary: string, sh: string, undo: string): Step {
  return {
    resource,
    action: 'run',
    summary,
    impact: 'interrupt',
    sh: [moment('fault'), sh].join('\n'),
    undo: [moment('healing'), undo, moment('healed')].join('\n'),
  };
}

/** sh that tells of a moment. */
function moment(name: Moment['name']): string {
  return `read -r up _ </proc/uptime\nsay ${name} "$up"`;
}

/** A moment of a fault. */
export interface Moment {
  readonly name: 'fault' | 'healing' | 'healed';
  /** Seconds of the host's uptime. */
  readonly at: number;
}

/** Reads a line of a step's script; undefined: it tells of no moment. */
export function readMoment(line: string, nonce: string): Moment | undefined {
  const [, word, name, time] = /^(\S+) (fault|healing|healed) (\d{1,10}\.\d{1,6})$/.exec(line) ?? [];
  return word === nonce ? { name: name as Moment['name'], at: Number(time) } : undefined;
}
