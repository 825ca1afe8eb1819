import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import AxeSource from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

export type Scheme = 'light' | 'dark';

/** A tab of a browser of its own, and what its console says. */
export interface Tab {
  readonly page: Page;
  /** Errors and warnings of the console, refused requests and broken scripts. */
  readonly complaints: readonly string[];
  /** Requests to anybody but the node. */
  readonly strangers: readonly string[];
  close(): Promise<void>;
}

export function openBrowser(): Promise<Browser> {
  // As root, chromium has no sandbox of its own; it shows only our own page.
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

export async function openTab(
  browser: Browser,
  base: string,
  { scheme = 'light', width = 1280 }: { readonly scheme?: Scheme; readonly width?: number } = {},
): Promise<Tab> {
  const context: BrowserContext = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: width < 600 ? 780 : 900 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) strangers.push(request.url());
  });
  return { page, complaints, strangers, close: () => context.close() };
}

/** What axe-core finds wrong in the page as it is now, a line each. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // Through the debugger, which no policy of the page concerns.
  await page.evaluate(AxeSource.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof AxeSource };
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
    }));
  });
  return found.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.join('\n')}`);
}

/** Keeps a picture for people where `MOENET_SCREENSHOTS` names a directory. */
export async function keepPicture(of: Page | Locator, name: string): Promise<void> {
  const directory = process.env['MOENET_SCREENSHOTS'];
  if (directory === undefined) return;
  await mkdir(directory, { recursive: true });
  await of.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
