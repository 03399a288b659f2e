import { createTwoFilesPatch } from 'diff';
import { redact } from '../secret.ts';

/**
 * What a diff hides besides the secrets that are known to this process: `all`, or what follows a word of keepalived.conf(5) or of
 * HAProxy's configuration. A host's manifest holds such a name and no expression, since one that a host made up could run for ever.
 */
export const masks = ['all', 'auth_pass', 'stats auth'] as const;

/** See {@link masks}. */
export type Mask = (typeof masks)[number];

/** What each of them matches; the first group stays. */
const hidden: Readonly<Record<Mask, RegExp>> = {
  all: /()[^]+/g,
  auth_pass: /(auth_pass[ \t]+)\S.*/g,
  'stats auth': /(stats auth [^:\s]+:)\S.*/g,
};

/** Lines of either side beyond which a diff is not computed line by line. */
const maxLines = 5000;

/**
 * The unified diff from one text to another, as `diff -u` prints it, empty when they are equal. Known secrets are masked on
 * both sides first, and so is whatever `mask` names: an old secret on a host is unknown here.
 */
export function unifiedDiff(path: string, before: string, after: string, mask?: Mask): string {
  const hide = (text: string): string => redact(mask ? text.replace(hidden[mask], '$1********') : text);
  const [from, to] = [hide(before), hide(after)];
  if (from === to) return '';
  if (from.split('\n').length > maxLines || to.split('\n').length > maxLines)
    return `(more than ${maxLines} lines: not shown)\n`;
  const patch = createTwoFilesPatch(
    before === '' ? '/dev/null' : path,
    after === '' ? '/dev/null' : path,
    from,
    to,
    undefined,
    undefined,
    { context: 3, maxEditLength: 2 * maxLines },
  );
  if (patch === undefined) return '(too different to show)\n';
  return patch.replace(/^(Index: .*\n)?=+\n/, '');
}
