import type { ServiceState } from '../../resources/service.ts';
import { printableLine } from '../../ssh/printable.ts';
import { quote } from '../../ssh/quote.ts';
import type { Check } from '../check.ts';
import { judged } from '../scope.ts';

/** Every service that a host's roles need runs: read with the observation, it costs nothing more. */
export const servicesActive: Check = {
  name: 'services-active',
  severity: 'critical',
  proves: 'every service that the roles need runs',
  why: 'A director without keepalived takes nothing over, a real server without nginx answers nothing.',
  runs: 'every host: `systemctl show` (`rc-service` on Alpine) for the units of its roles',
  reads: '`active` is right; `failed` and `inactive` are not; `no such unit` means that the package is missing',
  mend: '`journalctl -u UNIT -n 50` on the host says why it ended; then `lvsctl apply`',

  section: () => undefined,

  judge: ({ observations }) =>
    [...observations].flatMap(([host, { states }]) =>
      [...states].flatMap(([name, state]) => {
        if (!name.startsWith('service ')) return [];
        const unit = name.slice('service '.length);
        const { active, loaded } = state as ServiceState;
        return [
          {
            check: 'services-active',
            where: host,
            status: judged(active === 'active'),
            title: `${unit} runs`,
            expected: 'active',
            seen: loaded || active === 'active' ? printableLine(active) : 'no such unit',
            look: `systemctl status -- ${quote(unit)}`,
          },
        ];
      }),
    ),
};
