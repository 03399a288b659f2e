import { createHash } from 'node:crypto';
import type { ReportDocument } from '../document.ts';
import { changeSection } from './change.ts';
import { drillsSection } from './drills.ts';
import { findingsSection } from './findings.ts';
import { hostsSection } from './hosts.ts';
import { markup, Markup } from './markup.ts';
import { pictureSection } from './picture.ts';
import { pageStyle } from './style.ts';
import { summaryPart, tilesPart } from './summary.ts';

/**
 * A report as one HTML file that needs nothing else. The policy in its head lets a browser fetch nothing and run nothing, and use
 * this one style (CSP Level 3, hash-source).
 */
export function reportHtml(report: ReportDocument): string {
  const { picture, verification, change, drills, hosts } = report;
  const digest = createHash('sha256').update(pageStyle).digest('base64');
  const links = [
    ['picture', 'The cluster'],
    ...(drills ? [['drills', 'Drills']] : []),
    ...(verification ? [['checks', 'Checks']] : []),
    ...(change ? [['changes', 'Changes']] : []),
    ['versions', 'Versions'],
  ];
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="lvsctl ${report.lvsctl}" />
        <title>${report.cluster}: ${report.verdict}</title>
        ${new Markup(`<style>${pageStyle}</style>`)}
      </head>
      <body>
        ${summaryPart(report)}
        <main>
          ${tilesPart(report)}
          <nav aria-label="On this page">
            <ul>
              ${links.map(([id = '', title = '']) => markup`<li><a href="#${id}">${title}</a></li>`)}
            </ul>
          </nav>
          ${pictureSection(picture)} ${drills && drillsSection(drills)} ${verification && findingsSection(verification)}
          ${change && changeSection(change)} ${hostsSection(hosts, report.lvsctl)}
        </main>
        <footer class="inner">
          <p>
            Written by lvsctl ${report.lvsctl} from ${report.inventory.file} (SHA-256
            <code>${report.inventory.digest}</code>). This file loads nothing and runs no script.
          </p>
        </footer>
      </body>
    </html> `.text;
}
