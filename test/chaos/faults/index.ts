import type { Fault } from '../fault.ts';
import { clockJump } from './clock-jump.ts';
import { configurationRefused } from './configuration-refused.ts';
import { diskFull } from './disk-full.ts';
import { frozen } from './frozen.ts';
import { killed } from './killed.ts';
import { linkCut } from './link-cut.ts';
import { packageLock } from './package-lock.ts';
import { powerCut } from './power-cut.ts';
import { readOnly } from './read-only.ts';
import { secondRun } from './second-run.ts';
import { sshdKilled } from './sshd-killed.ts';
import { sudoRefused } from './sudo-refused.ts';

/** Every fault, in the order of the table. */
export const faults: readonly Fault[] = [
  killed,
  linkCut,
  frozen,
  powerCut,
  diskFull,
  readOnly,
  packageLock,
  sshdKilled,
  sudoRefused,
  configurationRefused,
  clockJump,
  secondRun,
];
