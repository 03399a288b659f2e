import { quote } from '../ssh/quote.ts';
import { words } from './package-manager.ts';
import type { Platform } from './platform.ts';
import type { ServiceManager } from './service-manager.ts';

const properties = '-p LoadState -p ActiveState -p UnitFileState';

const active = (unit: string): string => `systemctl -q is-active -- ${quote(unit)}`;

/** systemd 247 and later, which prints times as seconds. */
export const systemd: ServiceManager = {
  show: (units) => `systemctl show --timestamp=unix ${properties} -p ActiveEnterTimestamp -- ${words(units)}\necho`,

  // Enabling costs a second where there is a SysV script as well; its package has often done it by then.
  // systemctl takes it for a success when there is nothing to enable.
  enable: (unit) =>
    [
      `state() { systemctl is-enabled -- ${quote(unit)} 2>/dev/null || :; }`,
      `[ "$(state)" = enabled ] || systemctl -q enable -- ${quote(unit)}`,
      `state=$(state)`,
      `[ "$state" != static ] || { echo ${quote(unit)}" is static and cannot be enabled: an [Install] section says what starts it at boot"; return 1; }`,
    ].join('\n'),
  disable: (unit) => `systemctl -q disable -- ${quote(unit)}`,

  start: (unit, reload) =>
    [
      `systemctl reset-failed -- ${quote(unit)} 2>/dev/null || :`,
      `systemctl ${reload ? 'reload-or-restart' : 'start'} -- ${quote(unit)} && ${active(unit)} || {`,
      `  journalctl -q --no-pager -n 15 -o cat -u ${quote(unit)} 2>/dev/null`,
      '  return 1',
      '}',
    ].join('\n'),
  stop: (unit) => `systemctl stop -- ${quote(unit)}`,
  again: (verb, unit) => `systemctl ${verb} -- ${quote(unit)}\n${active(unit)}`,
  reread: 'systemctl daemon-reload',
  own: (name) => ({
    unit: `${name}.service`,
    path: `/etc/systemd/system/${name}.service`,
    mode: '0644',
    template: `${name}.service`,
  }),
};

/** systemd before 247 (RHEL 8: 239), whose times are in words of the host's own zone and locale: the monotonic one is a number. */
export const olderSystemd: ServiceManager = {
  ...systemd,
  show: (units) =>
    [
      `systemctl show ${properties} -p ActiveEnterTimestampMonotonic -- ${words(units)}`,
      'echo',
      `sed -n 's/^btime /booted /p' /proc/stat`,
    ].join('\n'),
};

/** What every family with systemd has alike: the names of its units, and an ip(8) that is iproute2's from the start. */
export const onSystemd: Pick<Platform, 'units' | 'masked' | 'askIp'> = {
  units: {
    keepalived: 'keepalived.service',
    nginx: 'nginx.service',
    haproxy: 'haproxy.service',
    nfsServer: 'nfs-server.service',
    rpcbind: 'rpcbind.socket',
  },
  // The socket comes last, since it goes first when they are given back: the service does not start without it.
  masked: { rpcbind: ['rpcbind.service', 'rpcbind.socket'] },
  askIp: (what) => `ip -j ${what}`,
};
