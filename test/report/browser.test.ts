import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../../src/report/html/page.ts';
import { drills, sample, spoil, step } from './sample.ts';

/** Debian's name and others'; .ci/setup installs the first. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const hostile =
  '</script><script>document.title="owned"</script><img src="http://192.0.2.1/x" onerror="document.title=1">';

const looks = {
  light: { colorScheme: 'light', viewport: { width: 1200, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1200, height: 900 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const;

/** Rules of WCAG 2.1 A and AA, and good practice; and whether contrast could be judged at all. */
const accessibility = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }).then(({ violations, passes }) => ({
  violations: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')),
  contrast: passes.some(({ id }) => id === 'color-contrast'),
}))`;

let folder: string;
let file: string;
let browser: BrowserContext;
let axe: string;

beforeAll(async () => {
  if (executablePath === undefined) throw new Error('there is no Chromium: apt-get install chromium, or run .ci/setup');
  folder = await mkdtemp(join(tmpdir(), 'lvsctl-browser-'));
  file = join(folder, 'report.html');
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
  const report = await sample({ drills }, (world) => {
    spoil(world);
    world.steps.push({ host: 'web3', step: { ...step, summary: hostile } });
    return world;
  });
  await writeFile(file, reportHtml(report));
  browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath,
    args: quiet,
  });
}, 120_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function open(look: keyof typeof looks): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
  const page = await browser.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.emulateMedia({ colorScheme: looks[look].colorScheme });
  await page.setViewportSize(looks[look].viewport);
  await page.goto(`file://${file}`);
  return { page, requests, complaints };
}

describe('in Chromium', { timeout: 120_000 }, () => {
  it.each(['light', 'dark', 'phone'] as const)(
    '%s: nothing is fetched, nothing complains, and it is accessible',
    async (look) => {
      const { page, requests, complaints } = await open(look);
      expect(requests).toEqual([`file://${file}`]);
      expect(complaints).toEqual([]);
      expect(await page.title()).toBe('shop: A drill did not hold its bounds.');
      const root = 'document.documentElement';
      const wide = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
      expect(wide).toBeLessThanOrEqual(0);
      const shown = await page.locator('figure svg:visible').count();
      expect(shown).toBe(await page.locator('figure').count());
      // What is folded away is looked at as well.
      await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
      const found = await page.evaluate<{ violations: string[]; contrast: boolean }>(`${axe}
${accessibility}`);
      expect(found.violations).toEqual([]);
      expect(found.contrast).toBe(true);
      await page.close();
    },
  );

  it('has headings in order, each one level down at most', async () => {
    const { page } = await open('light');
    const levels = await page.evaluate<number[]>(
      `[...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName.slice(1)))`,
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    await page.close();
  });

  it('is on paper in dark ink, with what is folded away on the screen', async () => {
    const { page } = await open('dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
    expect((await page.locator('#check-vip-holder .held li').first().boundingBox())?.height).toBeGreaterThan(0);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.close();
  });
});
