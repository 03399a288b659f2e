/** The start of a command line that, in the file named after it, puts one word for the other after some text, either way. */
export function toggle(text: string, one: string, other: string): string {
  const steps = [
    [one, '@'],
    [other, one],
    ['@', other],
  ];
  return `sed -i '${steps.map(([from = '', to = '']) => `s/${text}${from}/${text}${to}/`).join('; ')}'`;
}
