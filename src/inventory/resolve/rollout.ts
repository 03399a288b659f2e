import { readAmount, type Amount } from '../amount.ts';
import { isAtLeast } from '../../keepalived/versions.ts';
import type { RolloutSettings } from '../cluster.ts';
import type { Written } from '../schema.ts';

/** How a roll-out goes, with the defaults filled in; what is no amount was reported with the schema. */
export function resolveRollout({
  rollout = {},
  keepalived = {},
}: Pick<Written, 'rollout' | 'keepalived'>): RolloutSettings {
  const {
    serial,
    canary = 'host',
    maxFail = 0,
    drain = 'interrupt',
    drainTimeout = 60,
    switchOver = able(keepalived.version),
  } = rollout;
  const sizes = serial === undefined ? undefined : Array.isArray(serial) ? serial : [serial];
  return { serial: sizes?.map(amountOf), canary, maxFail: amountOf(maxFail), drain, drainTimeout, switchOver };
}

/** What is older cannot be told to hand over. */
function able(version: string | undefined): boolean {
  return version === undefined || isAtLeast(version, '2.0.0');
}

function amountOf(written: string | number): Amount {
  const read = readAmount(written);
  return read.ok ? read.value : { hosts: 1 };
}
