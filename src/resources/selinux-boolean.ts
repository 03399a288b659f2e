import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** A switch of the SELinux policy that has to be on, now and after a boot, selinux(8). */
export interface SelinuxBooleanResource {
  readonly kind: 'selinux-boolean';
  readonly boolean: string;
}

/** `unknown`: SELinux is off, or its policy has no such boolean; then nothing is in the way. */
export type SelinuxBooleanState = 'on' | 'off' | 'unknown';

/** SELinux booleans, by getsebool(8) where SELinux is in force. */
export const selinuxBoolean: Kind<SelinuxBooleanResource, SelinuxBooleanState> = {
  kind: 'selinux-boolean',
  name: (resource) => resource.boolean,

  probe: (resources) =>
    `! selinuxenabled 2>/dev/null || for name in ${resources.map(({ boolean }) => quote(boolean)).join(' ')}; do getsebool "$name" 2>/dev/null; done`,

  read(output, resources) {
    const seen = new Map([...output.matchAll(/^(\S+) --> (on|off)$/gm)].map(([, name, value]) => [name, value]));
    return new Map(resources.map(({ boolean }) => [boolean, (seen.get(boolean) ?? 'unknown') as SelinuxBooleanState]));
  },

  change(resource, observed) {
    if (observed === 'on' || observed === 'unknown') return [];
    const name = quote(resource.boolean);
    return [
      {
        resource: ref('selinux-boolean', resource.boolean),
        action: 'update',
        summary: observed === undefined ? 'on, if SELinux is in force' : 'off → on',
        impact: 'none',
        sh:
          observed === undefined
            ? `! selinuxenabled 2>/dev/null || setsebool -P ${name} on`
            : `setsebool -P ${name} on`,
        undo: observed === undefined ? ':' : `setsebool -P ${name} off`,
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'unknown') }),

  remove(resource, observed = 'unknown', before = 'unknown') {
    if (observed !== 'on' || before !== 'off') return [];
    const name = quote(resource.boolean);
    return [
      {
        resource: ref('selinux-boolean', resource.boolean),
        action: 'update',
        summary: 'on → off, as it was',
        impact: 'none',
        sh: `setsebool -P ${name} off`,
        undo: `setsebool -P ${name} on`,
      },
    ];
  },
};
