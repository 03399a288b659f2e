import { err, ok, type Result } from '../result.ts';

/** A number of hosts, or a share of those that are meant. */
export type Amount = { readonly hosts: number } | { readonly percent: number };

/** Reads `3` or `25%`. The error says what is wrong with it. */
export function readAmount(written: string | number): Result<Amount, string> {
  const text = String(written).trim();
  const [, digits = '', sign] = /^(\d{1,6})(%?)$/.exec(text) ?? [];
  if (digits === '') return err(`"${text.slice(0, 40)}" is neither a number of hosts nor a percentage such as 25%`);
  const number = Number(digits);
  if (sign === '') return ok({ hosts: number });
  return number > 100 ? err(`${text} is more than all hosts`) : ok({ percent: number });
}

/** How many of so many hosts are meant; a share is rounded down. */
export function countOf(amount: Amount, total: number): number {
  return 'hosts' in amount ? amount.hosts : Math.floor((amount.percent * total) / 100);
}
