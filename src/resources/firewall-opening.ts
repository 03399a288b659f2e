import { quote } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/** Something that firewalld's default zone has to let in, now and after a boot, firewalld.zone(5). */
export interface FirewallOpeningResource {
  readonly kind: 'firewall-opening';
  /** `port`: `80/tcp`, `30000-30100/udp`; `service`: one of firewalld's; `protocol`: one of /etc/protocols, by a rich rule. */
  readonly type: 'port' | 'service' | 'protocol';
  readonly value: string;
}

/** Whether it is let in now and after a boot; `off`: firewalld does not run, and nothing is in the way. */
export type FirewallOpeningState = 'off' | { readonly now: boolean; readonly atBoot: boolean };

const running = 'systemctl -q is-active firewalld.service 2>/dev/null';

/** Openings of the firewall, by two firewall-cmd(1) for all, and none where firewalld does not run. */
export const firewallOpening: Kind<FirewallOpeningResource, FirewallOpeningState> = {
  kind: 'firewall-opening',
  name: ({ type, value }) => `${type} ${value}`,

  probe: () =>
    [
      `if ${running}; then`,
      '  echo running',
      `  firewall-cmd --list-all 2>/dev/null | sed 's/^/now /'`,
      `  firewall-cmd --permanent --list-all 2>/dev/null | sed 's/^/boot /'`,
      'fi',
    ].join('\n'),

  read(output, resources) {
    const runs = /^running$/m.test(output);
    const has = (when: 'now' | 'boot', { type, value }: FirewallOpeningResource): boolean => {
      if (type === 'protocol') return output.includes(`\n${when} \t${ruleOf(value)}\n`);
      const line = new RegExp(`^${when} \\s*${type}s: (.*)$`, 'm').exec(output)?.[1] ?? '';
      return line.split(/\s+/).includes(value);
    };
    return new Map(
      resources.map((resource) => [
        firewallOpening.name(resource),
        runs ? { now: has('now', resource), atBoot: has('boot', resource) } : 'off',
      ]),
    );
  },

  change(resource, observed) {
    if (observed === undefined) {
      const sh = `! ${running} || {\n${both('add', resource)}\n}`;
      const name = ref('firewall-opening', firewallOpening.name(resource));
      return [
        { resource: name, action: 'create', summary: 'let in, if firewalld runs', impact: 'none', sh, undo: ':' },
      ];
    }
    if (observed === 'off' || (observed.now && observed.atBoot)) return [];
    return [
      {
        resource: ref('firewall-opening', firewallOpening.name(resource)),
        action: 'create',
        summary: observed.now || observed.atBoot ? `let in ${observed.now ? 'after a boot' : 'now'} as well` : 'let in',
        impact: 'none',
        sh: both('add', resource),
        undo: [
          ...(observed.now ? [] : [command('remove', resource)]),
          ...(observed.atBoot ? [] : [command('remove', resource, '--permanent')]),
        ].join('\n'),
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? 'off') }),

  remove(resource, observed = 'off', before = 'off') {
    if (observed === 'off' || !(observed.now || observed.atBoot)) return [];
    // It was let in before, or the firewall was not asked then: what somebody else opened stays open.
    if (before === 'off' || before.now || before.atBoot) return [];
    return [
      {
        resource: ref('firewall-opening', firewallOpening.name(resource)),
        action: 'delete',
        summary: 'let in no more',
        impact: 'interrupt',
        sh: both('remove', resource),
        undo: both('add', resource),
      },
    ];
  },
};

/** A rich rule as firewall-cmd lists it, firewalld.richlanguage(5). */
function ruleOf(protocol: string): string {
  return `rule protocol value="${protocol}" accept`;
}

function both(verb: 'add' | 'remove', resource: FirewallOpeningResource): string {
  return `${command(verb, resource)}\n${command(verb, resource, '--permanent')}`;
}

/** firewall-cmd only warns where a thing is as wished already. */
function command(verb: 'add' | 'remove', { type, value }: FirewallOpeningResource, when = ''): string {
  const option =
    type === 'protocol' ? `--${verb}-rich-rule=${quote(ruleOf(value))}` : `--${verb}-${type}=${quote(value)}`;
  return `firewall-cmd -q ${when === '' ? '' : `${when} `}${option}`;
}
