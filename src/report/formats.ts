import { extname } from 'node:path';
import type { ReportDocument } from './document.ts';
import { reportHtml } from './html/page.ts';
import { reportJunit } from './junit.ts';
import { reportMarkdown } from './markdown.ts';

/** Forms of a report by the end of the file's name. */
const forms: Readonly<Record<string, (report: ReportDocument) => string>> = {
  '.html': reportHtml,
  '.md': reportMarkdown,
  '.json': (report) => `${JSON.stringify(report, undefined, 2)}\n`,
  '.xml': reportJunit,
};

/** The ends that a report's name may have. */
export const reportEnds = Object.keys(forms);

/** What makes a text of a report, by the name of the file it is for; undefined: nothing is written into a file of that name. */
export function reportForm(file: string): ((report: ReportDocument) => string) | undefined {
  return forms[extname(file).toLowerCase()];
}
