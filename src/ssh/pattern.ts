/** Whether a list of patterns takes a text, or a negated pattern of it refuses it (ssh_config(5) PATTERNS). */
export type PatternMatch = 'yes' | 'no' | 'refused';

/** `*` and `?` as in ssh_config(5) and sshd(8), case ignored. Takes time proportional to both lengths, whatever the pattern. */
export function matchGlob(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < given.length) {
    if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}

/** A list in which one negated (`!`) pattern that fits refuses the text, whatever else fits. */
export function matchList(patterns: readonly string[], text: string): PatternMatch {
  let result: PatternMatch = 'no';
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchGlob(pattern.slice(1), text)) return 'refused';
    } else if (matchGlob(pattern, text)) {
      result = 'yes';
    }
  }
  return result;
}
