import * as z from 'zod';
import { bfdNeighbor } from './bfd.ts';
import { optional } from './key.ts';
import { program } from './program.ts';
import { identifier, ip, nic, path, processName, user } from './text.ts';

/** Something that an instance or a sync group watches: one of its first five keys, and what belongs to it. */
export const tracker = z.strictObject({
  interface: optional(nic, 'A NIC that has to be up (track_interface).', { otherwise: 'another kind' }),
  script: optional(
    program,
    'A program whose exit code 0 is a success (vrrp_script), with its arguments as a list. A path from / is one of the directors, any other a script of this machine, relative to the inventory.',
    { otherwise: 'another kind' },
  ),
  process: optional(processName, 'A process that has to run (vrrp_track_process), by the name of its executable.', {
    otherwise: 'another kind',
  }),
  file: optional(path, 'A file of a number, which times `weight` is added to the priority (track_file).', {
    otherwise: 'another kind',
  }),
  bfd: optional(
    z.union([ip, bfdNeighbor]),
    'A BFD session (bfd_instance, keepalived 2.0.0) that has to be up, with the host of this address or as the map says.',
    { otherwise: 'another kind' },
  ),
  weight: optional(
    z.int().min(-253).max(253),
    'Added to the priority while it is well (positive) or failed (negative); 0: a failure is a FAULT. Always 0 in a sync group.',
    { otherwise: '`0`; `1` with `file`' },
  ),
  name: optional(identifier, 'Its name in keepalived.conf.', { otherwise: 'that of the script, process or file' }),
  interval: optional(z.int().min(1).max(3_600), 'Time between runs of the script.', { value: 1, unit: 'seconds' }),
  timeout: optional(z.int().min(1).max(3_600), 'Time after which a run of the script counts as failed.', {
    unit: 'seconds',
    otherwise: 'as `interval`',
  }),
  rise: optional(z.int().min(1).max(1_000), 'Successes in a row after which the script counts as sound.', { value: 1 }),
  fall: optional(z.int().min(1).max(1_000), 'Failures in a row after which the script counts as failed.', { value: 1 }),
  user: optional(user, 'User that the script runs as.', { otherwise: '`keepalived.scriptUser`' }),
  quorum: optional(z.int().min(1).max(65_535), 'How many of the process have to run.', { value: 1 }),
  delay: optional(z.number().min(0.001).max(3_600), 'Time that the process may be away or back before it counts.', {
    unit: 'seconds, fractions allowed',
    otherwise: 'none',
  }),
  initial: optional(z.int().min(-1_000_000).max(1_000_000), 'Written into the file when it is not there.', {
    value: 0,
  }),
});

/** What an instance or a sync group watches. */
export const trackers = z.array(tracker).min(1);
