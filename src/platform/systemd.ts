import { quote } from '../ssh/quote.ts';
import { words } from './package-manager.ts';
import type { Platform } from './platform.ts';
import type { ServiceManager } from './service-manager.ts';

const properties = '-p LoadState -p ActiveState -p UnitFileState';

/** A reload of systemd runs every generator, which takes some tenths of a second: a stage has one for all that it writes. */
const rereadAt = (when: 'start' | 'end'): string => `put_off ${when} 'systemctl daemon-reload'`;

/**
 * systemctl that changes what is started at boot. Where a unit has a SysV script as well, systemctl has the links of runlevels changed,
 * which nobody reads then (systemd-sysv-generator(8)) and which takes perl seconds: that is left out (`SYSTEMCTL_SKIP_SYSV`,
 * systemd's docs/ENVIRONMENT.md), but not where the unit is made from the script alone.
 */
const atBoot = (verb: 'enable' | 'disable', unit: string): string =>
  `( [ -e /run/systemd/generator.late/${quote(unit)} ] || export SYSTEMCTL_SKIP_SYSV=1; systemctl -q ${verb} --no-reload -- ${quote(unit)} )`;

const active = (unit: string): string => `systemctl -q is-active -- ${quote(unit)}`;

/** sh that has a unit do something and then be active; otherwise it shows the last that the unit said, and fails. */
const orExplain = (command: string, unit: string): string =>
  [
    `${command} && ${active(unit)} || {`,
    `  journalctl -q --no-pager -n 15 -o cat -u ${quote(unit)} 2>/dev/null`,
    '  return 1',
    '}',
  ].join('\n');

/** sh that starts a unit; one that is refused because it was started too often of late (systemd.unit(5), StartLimitBurst=) is asked again. */
const unlessTooOften = (command: string, unit: string): string =>
  `{ ${command} || { [ "$(systemctl show -p Result --value -- ${quote(unit)})" = start-limit-hit ] && systemctl reset-failed -- ${quote(unit)} && ${command}; }; }`;

/** systemd 247 and later, which prints times as seconds. */
export const systemd: ServiceManager = {
  show: (units) => `systemctl show --timestamp=unix ${properties} -p ActiveEnterTimestamp -- ${words(units)}\necho`,

  // Its package has often done it by then. systemctl takes it for a success when there is nothing to enable.
  enable: (unit) =>
    [
      `linked() { set -- /etc/systemd/system/*/${quote(unit)}; [ -L "$1" ]; }`,
      `linked || ${rereadAt('end')}`,
      atBoot('enable', unit),
      `linked || [ "$(systemctl is-enabled -- ${quote(unit)} 2>/dev/null)" != static ] || {`,
      `  echo ${quote(unit)}" is static and cannot be enabled: an [Install] section says what starts it at boot"`,
      '  return 1',
      '}',
    ].join('\n'),
  disable: (unit) => `${atBoot('disable', unit)}\n${rereadAt('end')}`,

  start: (unit, reload) =>
    `catch_up start\n${orExplain(unlessTooOften(`systemctl ${reload ? 'reload-or-restart' : 'start'} -- ${quote(unit)}`, unit), unit)}`,
  stop: (unit) => `systemctl stop -- ${quote(unit)}`,
  again: (verb, unit) => `catch_up start\n${orExplain(`systemctl ${verb} -- ${quote(unit)}`, unit)}`,
  reread: rereadAt,
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
