import { createTwoFilesPatch } from 'diff';
import { redact } from '../secret.ts';

/** Lines of either side beyond which a diff is not computed line by line. */
const maxLines = 5000;

/**
 * The unified diff from one text to another, as `diff -u` prints it, empty when they are equal. Known secrets are masked on
 * both sides first, and so is whatever `mask` matches (its first group is kept): an old secret on a host is unknown here.
 */
export function unifiedDiff(path: string, before: string, after: string, mask?: RegExp): string {
  const hide = (text: string): string => {
    const masked = mask ? text.replace(mask, '$1********') : text;
    return redact(masked);
  };
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
