import { numberParser, type FlagParametersForType } from '@stricli/core';
import type { Context, GlobalFlags } from './context.ts';

/** The flags of every command that reads an inventory, as typed on the command line. */
export interface InventoryFlags {
  readonly inventory?: string;
  readonly limit?: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly yes: boolean;
  readonly acceptNew: boolean;
}

const text = (input: string): string => input;

/** A flag that takes a text. */
export const textFlag = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: text, brief, placeholder, optional: true }) as const;

/** A flag that takes a text and may be repeated. */
export const listFlag = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: text, variadic: true, brief, placeholder, optional: true }) as const;

/** A flag that is off unless given. */
export const switchFlag = (brief: string) => ({ kind: 'boolean', brief, default: false, withNegated: false }) as const;

/** See {@link InventoryFlags}. */
export const inventoryFlags: FlagParametersForType<InventoryFlags, Context> = {
  inventory: textFlag('The inventory; ./lvsctl.yaml unless set here or in LVSCTL_INVENTORY', 'FILE'),
  limit: textFlag('Only these hosts: names, ranges, globs, groups, as in "web*,!web2"', 'PATTERN'),
  json: switchFlag('One JSON document on standard output; progress goes to standard error'),
  yes: switchFlag('Do not ask before changing anything'),
  verbose: switchFlag('Say more about what goes on'),
  color: { kind: 'boolean', brief: 'Colours, when writing to a terminal', default: true },
  acceptNew: switchFlag('Record the keys of hosts that are not known yet; a changed key is refused all the same'),
};

/** The flags of every command that changes hosts. */
export interface ChangeFlags extends InventoryFlags {
  readonly lockWait: number;
}

/** A parser of seconds from `least` to a day. */
export function seconds(least: number): (input: string) => number {
  return (input) => {
    const number = numberParser(input);
    if (number >= least && number <= 86_400) return number;
    throw new RangeError(`${input} is not between ${least} and 86400 seconds`);
  };
}

/** See {@link ChangeFlags}. */
export const changeFlags: FlagParametersForType<ChangeFlags, Context> = {
  ...inventoryFlags,
  lockWait: {
    kind: 'parsed',
    parse: seconds(0),
    brief: 'Seconds to wait for a host that another run has locked; 0: do not wait',
    placeholder: 'SECONDS',
    default: '0',
  },
};

/** The flags of every command that proves something. */
export interface ReportFlags {
  readonly report?: string;
  readonly junit?: string;
}

/** See {@link ReportFlags}. */
export const reportFlags: FlagParametersForType<ReportFlags, Context> = {
  report: textFlag('Write a report; its end says the form: .html, .md, .json, .xml (JUnit)', 'FILE'),
  junit: textFlag('Write a report as JUnit XML', 'FILE'),
};

/** Short forms of the flags above. */
export const inventoryAliases = { i: 'inventory', l: 'limit', y: 'yes' } as const;

/** Fills in what the command line left to the environment. */
export function globalFlags(
  flags: InventoryFlags & Partial<ChangeFlags> & ReportFlags,
  env: NodeJS.ProcessEnv,
): GlobalFlags {
  return { ...flags, inventory: flags.inventory ?? env['LVSCTL_INVENTORY'] ?? 'lvsctl.yaml' };
}
