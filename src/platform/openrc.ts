import { quote } from '../ssh/quote.ts';
import { words } from './package-manager.ts';
import type { ServiceManager } from './service-manager.ts';

const active = (unit: string): string => `rc-service -q ${quote(unit)} status`;

/**
 * OpenRC. It keeps a symbolic link for each started service in /run/openrc/started, made when it was started; a service is
 * enabled by a link in its run level. `status` exits with 3 when stopped and 32 when crashed: openrc-run(8).
 */
export const openrc: ServiceManager = {
  show: (units) =>
    [
      `for unit in ${words(units)}; do`,
      '  load=not-found active=inactive enabled=disabled since=',
      '  [ ! -x "/etc/init.d/$unit" ] || load=loaded',
      '  if [ $load = loaded ]; then',
      '    rc-service -q "$unit" status >/dev/null 2>&1 && active=active || [ $? != 32 ] || active=failed',
      '  fi',
      '  for link in /etc/runlevels/boot/"$unit" /etc/runlevels/default/"$unit"; do',
      '    [ ! -L "$link" ] || enabled=enabled',
      '  done',
      '  [ $active != active ] || since=$(stat -c %Y "/run/openrc/started/$unit" 2>/dev/null)',
      `  printf 'LoadState=%s\\nActiveState=%s\\nUnitFileState=%s\\nActiveEnterTimestamp=%s\\n\\n' $load $active $enabled "\${since:+@$since}"`,
      'done',
    ].join('\n'),

  enable: (unit) => `rc-update -q add ${quote(unit)} default`,
  disable: (unit) => `rc-update -q del ${quote(unit)} default`,

  start: (unit, reload) => {
    const start = `rc-service ${quote(unit)} start\n${active(unit)} >/dev/null`;
    // A service that crashed has to be told to be stopped before it can be started.
    const zap = `${active(unit)} >/dev/null 2>&1 || [ $? != 32 ] || rc-service -q ${quote(unit)} zap`;
    if (!reload) return `${zap}\n${start}`;
    return `${zap}\nif ${active(unit)} >/dev/null 2>&1; then\nrc-service ${quote(unit)} reload\nelse\n${start}\nfi`;
  },
  stop: (unit) => `rc-service ${quote(unit)} stop`,
  again: (verb, unit) => `rc-service ${quote(unit)} ${verb}\n${active(unit)} >/dev/null`,
  reread: () => ':',
  own: (name) => ({ unit: name, path: `/etc/init.d/${name}`, mode: '0755', template: `${name}.openrc` }),
};
