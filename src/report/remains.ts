import type { Remains } from '../plan/remains.ts';
import { printable } from '../ssh/printable.ts';
import type { Style } from '../ui/style.ts';
import { count } from './plan.ts';

/** The proof of a teardown: what is left, or that nothing is. */
export function remainsText(remains: readonly Remains[], hosts: readonly string[], style: Style): string[] {
  const failed = remains.filter(({ allowed }) => !allowed);
  const verdict =
    failed.length > 0
      ? style(
          'bad',
          `Something is left: ${count(failed.length, 'thing')} on ${count(new Set(failed.map(({ host }) => host)).size, 'host')}.`,
        )
      : style('good', `Nothing of lvsctl's is left on ${count(hosts.length, 'host')}.`);
  return [
    ...remains.map(
      ({ host, what, allowed }) =>
        `${allowed ? style('warn', '·') : style('bad', '✖')} ${style('bold', host)}: ${printable(what)}${allowed ? ' stays: it is in use, or has something in it' : ' is still there'}`,
    ),
    verdict,
  ];
}
