import type { Manual } from './check.ts';
import { manuals } from './manual.ts';

const [begin, end] = ['<!-- checks -->', '<!-- /checks -->'];

/** A page with all checks between its markers, in the order in which they are reported; each has its name as an anchor. */
export function withManuals(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no place for the checks: ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${manuals.map(section).join('\n')}\n${page.slice(to)}`;
}

function section({ name, severity, proves, why, runs, reads, mend }: Manual): string {
  return [
    `### ${name}`,
    '',
    `${severity === 'critical' ? '' : `**${capital(severity)}.** `}${capital(proves)}. ${why}`,
    '',
    `- Runs on ${runs}.`,
    `- How to read it: ${reads}.`,
    `- What to do: ${mend}.`,
    '',
  ].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
