import { readAmount, type Amount } from '../inventory/amount.ts';
import type { Cluster, Host } from '../inventory/cluster.ts';
import type { FlagParametersForType } from '@stricli/core';
import type { Context } from './context.ts';

/** How this roll-out goes, where it is not as the inventory says. */
export interface RolloutFlags {
  readonly serial?: readonly Amount[];
  readonly canary?: 'host' | 'batch';
  readonly maxFail?: Amount;
}

/** See {@link RolloutFlags}. */
export const rolloutFlags: FlagParametersForType<RolloutFlags, Context> = {
  serial: {
    kind: 'parsed',
    parse: readSerial,
    brief: 'Real servers of a batch, as 2, 25% or 1,10%,50%: the last repeats; see rollout in the inventory',
    placeholder: 'N,…',
    optional: true,
  },
  canary: {
    kind: 'enum',
    values: ['host', 'batch'],
    brief: 'What goes first and alone: one host, or the first batch of --serial',
    optional: true,
  },
  maxFail: {
    kind: 'parsed',
    parse: amountOf,
    brief: 'Hosts of a stage that may fail before nothing more of it is begun, as 1 or 10%',
    placeholder: 'N',
    optional: true,
  },
};

/** The cluster with the roll-out that the command line wishes for. */
export function withRollout(cluster: Cluster, { serial, canary, maxFail }: RolloutFlags): Cluster {
  const given = {
    ...(serial === undefined ? {} : { serial }),
    ...(canary === undefined ? {} : { canary }),
    ...(maxFail === undefined ? {} : { maxFail }),
  };
  return { ...cluster, rollout: { ...cluster.rollout, ...given } };
}

/**
 * The hosts that are changed, and the directors that have to know of it when a real server is among them. Where `--limit` leaves some
 * directors it is those that are to know; where it leaves none it is all.
 */
export function withDirectors(cluster: Cluster, chosen: readonly Host[]): readonly Host[] {
  const names = new Set(chosen.map(({ name }) => name));
  const served = cluster.services.some(({ realServers }) => realServers.some(({ host }) => names.has(host)));
  if (!served || cluster.directors.some((name) => names.has(name))) return chosen;
  return cluster.hosts.filter(({ name }) => names.has(name) || cluster.directors.includes(name));
}

function readSerial(text: string): readonly Amount[] {
  return text.split(',').map((one) => {
    const amount = amountOf(one);
    if (Object.values(amount).includes(0)) throw new SyntaxError('a batch needs a host at least');
    return amount;
  });
}

function amountOf(text: string): Amount {
  const read = readAmount(text);
  if (read.ok) return read.value;
  throw new SyntaxError(read.error);
}
