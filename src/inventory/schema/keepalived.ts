import * as z from 'zod';
import { optional } from './key.ts';
import { seconds } from './number.ts';
import { keepalivedLine, user, versionNumber } from './text.ts';

const wait = z.int().min(0).max(86_400);
const packets = z.int().min(1).max(1_000);

/** How the switches learn where a VIP is; the same for an instance as for all, whose values are its defaults. */
export const garp = (outer: string) =>
  z.strictObject({
    delay: optional(wait, 'Time from becoming master to a second round (garp_master_delay); 0: none.', {
      unit: 'seconds',
      otherwise: outer === '' ? '`5`' : outer,
    }),
    repeat: optional(packets, 'Packets of a round (garp_master_repeat).', { otherwise: outer === '' ? '`5`' : outer }),
    refresh: optional(wait, 'Time between repetitions while master (garp_master_refresh); 0: none.', {
      unit: 'seconds',
      otherwise: outer === '' ? '`60`' : outer,
    }),
    refreshRepeat: optional(packets, 'Packets of a repetition (garp_master_refresh_repeat).', {
      otherwise: outer === '' ? '`1`' : outer,
    }),
  });

/** A word of a command line that a service manager splits at blanks and hands on as it is. */
const startOption = z.string().regex(/^[A-Za-z0-9_.,:/=-]{1,120}$/, {
  error: 'an option has letters, digits and _ . , : / = - only, and no blank: make it two entries',
});

/** Lines that go into keepalived.conf as they are. */
export const extra = z.array(keepalivedLine).min(1);

/** What holds for keepalived as a whole. */
export const keepalived = z.strictObject({
  version: optional(
    versionNumber,
    'The oldest version that a director has. `check` then says what it lacks; without it `plan` asks the directors.',
    { otherwise: 'that of the installed package, or of the one that will be' },
  ),
  scriptUser: optional(user, 'User that trackers and checks run as unless they name one (script_user).', {
    value: 'nobody',
  }),
  startupDelay: optional(seconds, 'Time from the start of keepalived until VRRP starts (vrrp_startup_delay).', {
    unit: 'seconds',
    otherwise: 'none',
  }),
  garp: optional(garp(''), 'Gratuitous ARP and unsolicited neighbour adverts.', { otherwise: 'as below' }),
  options: optional(
    z.array(startOption).min(1),
    'Options that keepalived is started with, as `--log-detail`; a change restarts it, director by director.',
    { otherwise: 'those that the host has' },
  ),
  extra: optional(extra, 'Further lines of `global_defs`, as they are.', { otherwise: 'none' }),
});
