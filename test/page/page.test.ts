import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults, keepPicture, openBrowser, openTab, type Scheme, type Tab } from './browser.js';
import { type FixtureNode, newSession, openFixtureNode, token } from './fixture-node.js';
import { nodeWith } from './many-sessions.js';

let browser: Browser;
let node: FixtureNode;
let tab: Tab;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser.close());

async function signIn({ page }: Tab): Promise<void> {
  await page.goto(node.base);
  await page.getByLabel('Token of the node').fill(token.reveal());
  await page.getByRole('button', { name: 'sign in' }).click();
  await page.locator('.connection.live').waitFor();
}

/** How many pixels of the first plot have nearly the color of its line. */
function pixelsOfSeries(page: Tab['page']): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('figure canvas');
    const probe = document.createElement('canvas').getContext('2d');
    const plot = canvas?.getContext('2d');
    if (!canvas || !probe || !plot) throw new Error('there is no plot');
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--series-1').trim();
    probe.fillRect(0, 0, 1, 1);
    const color = [...probe.getImageData(0, 0, 1, 1).data];
    const { data } = plot.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4)
      if (color.every((part, n) => Math.abs((data[at + n] ?? 0) - part) < 50)) count += 1;
    return count;
  });
}

const views = [
  ['overview', '#/', 'Neighbors and mesh'],
  ['sessions', '#/sessions', 'Name'],
  ['session', '#/session/00000000-0000-4000-8000-000000000005', 'Round-trip time'],
  ['events', '#/events', 'went down:'],
  ['plan', '#/plan', 'reload BIRD'],
  ['look-ups', '#/look-ups', 'look up'],
] as const;

const screens: readonly (readonly [Scheme, number])[] = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
];

describe.each(screens)('in %s at %i pixels', (scheme, width) => {
  beforeAll(async () => {
    node = await openFixtureNode(nodeWith(24));
    tab = await openTab(browser, node.base, { scheme, width });
    await tab.page.goto(node.base);
    await tab.page.getByLabel('Token of the node').waitFor();
    await keepPicture(tab.page, `${scheme}-${width}-login`);
    expect(await accessibilityFaults(tab.page)).toEqual([]);
    await signIn(tab);
  });

  afterAll(async () => {
    expect([tab.complaints, tab.strangers]).toEqual([[], []]);
    await tab.close();
    await node.close();
  });

  it.each(views)('shows %s without a fault, no wider than the screen', async (name, hash, words) => {
    const { page } = tab;
    await page.goto(`${node.base}${hash}`);
    await page.getByText(words).first().waitFor();
    if (name === 'session') await page.locator('.u-over').nth(4).waitFor();
    await keepPicture(page, `${scheme}-${width}-${name}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });

  it('draws the only minute that is known of a session', async () => {
    const { page } = tab;
    await page.goto(`${node.base}#/session/${newSession}`);
    await page.locator('figure canvas').first().waitFor();
    await keepPicture(page, `${scheme}-${width}-one-minute`);
    expect(await pixelsOfSeries(page)).toBeGreaterThan(4);
  });

  it.each(['Route', 'AS path', 'Ping', 'Trace'])('draws the look-up %s', async (tool) => {
    const { page } = tab;
    await page.goto(`${node.base}#/look-ups`);
    await page.getByText(tool, { exact: true }).click();
    await page.getByRole('textbox').fill('172.20.0.53');
    await page.getByRole('button', { name: 'look up' }).click();
    await page.locator('[aria-busy=false] :is(.chain, .bars)').first().waitFor();
    await keepPicture(page, `${scheme}-${width}-look-up-${tool}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});

describe('with 300 sessions', () => {
  beforeAll(async () => {
    node = await openFixtureNode(nodeWith(300));
    tab = await openTab(browser, node.base);
    await signIn(tab);
    await tab.page.goto(`${node.base}#/sessions`);
    await tab.page.getByText('303 rows').waitFor();
  });

  afterAll(async () => {
    expect([tab.complaints, tab.strangers]).toEqual([[], []]);
    await tab.close();
    await node.close();
  });

  /** The milliseconds until the browser has drawn what follows from an action of its own. */
  function drawnAfter(action: string): Promise<number> {
    return tab.page.evaluate(async (code) => {
      const before = performance.now();
      if (code === 'sort') document.querySelectorAll<HTMLElement>('thead button')[3]?.click();
      else {
        const input = document.querySelector<HTMLInputElement>('input[type=search]');
        if (input) input.value = code;
        input?.dispatchEvent(new Event('input', { bubbles: true }));
      }
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - before;
    }, action);
  }

  it('sorts and filters at once', async () => {
    const { page } = tab;
    const times = [await drawnAfter('sort'), await drawnAfter('burble'), await drawnAfter('')];
    expect(Math.max(...times)).toBeLessThan(1_000);
    await page.getByLabel('Filter by ASN').fill('burble');
    expect(await page.locator('tbody tr:not(.note)').count()).toBe(34);
    expect(await page.getByRole('columnheader', { name: 'RTT' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await page.getByLabel('Filter by ASN').fill('');
    console.error(
      `300 sessions: sorted in ${times[0]?.toFixed(0)} ms, filtered in ${times[1]?.toFixed(0)} ms`,
    );
  });

  it('shows at once that a session breaks', async () => {
    const { page } = tab;
    const [first, ...others] = node.status.sessions;
    if (!first) throw new Error('there is no session');
    const trouble = { kind: 'working', words: 'BGP went down a moment ago' } as const;
    const broken = { ...first, state: 'waiting' as const, trouble };
    node.status = { ...node.status, sessions: [broken, ...others] };
    node.tell();
    await page.getByText('BGP went down a moment ago').waitFor();
    await keepPicture(page, 'many-sessions');
    await page.goto(`${node.base}#/`);
    await page.getByText('BGP went down a moment ago').waitFor();
    await keepPicture(page, 'many-overview');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 780 });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(360);
    await keepPicture(page, 'many-overview-360');
    await keepPicture(page.locator('.picture'), 'many-map-360');
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});

describe('a neighbor or a node that calls itself by markup', () => {
  it('is shown as it is called, and nothing of it runs', async () => {
    const hostile = '<img src=x onerror="document.title=1"><b>bold</b>';
    const status = nodeWith(6);
    const [first, ...others] = status.sessions;
    if (!first) throw new Error('there is no session');
    const row = { ...first, description: hostile, trouble: { kind: 'needs-you', words: hostile } as const };
    node = await openFixtureNode({
      ...status,
      problems: [hostile, hostile],
      sessions: [row, ...others],
      notes: [hostile],
    });
    tab = await openTab(browser, node.base);
    await signIn(tab);
    for (const [, hash, words] of views) {
      await tab.page.goto(`${node.base}${hash}`);
      await tab.page.getByText(words).first().waitFor();
      expect(await tab.page.locator('main img, main b, main script').count()).toBe(0);
    }
    await tab.page.goto(`${node.base}#/`);
    await tab.page.getByText(hostile).first().waitFor();
    expect(tab.complaints).toEqual([]);
    await tab.close();
    await node.close();
  });
});

describe('signing in and out', () => {
  beforeAll(async () => {
    node = await openFixtureNode(nodeWith(4));
    tab = await openTab(browser, node.base);
  });

  afterAll(async () => {
    await tab.close();
    await node.close();
  });

  it('says that a token is wrong', async () => {
    const { page } = tab;
    await page.goto(node.base);
    await page.getByLabel('Token of the node').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('this is not the token of the node').waitFor();
    expect(await page.getByLabel('Token of the node').inputValue()).toBe('');
  });

  it('leaves no token in the browser, and nothing that scripts could read', async () => {
    await signIn(tab);
    const { page } = tab;
    const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
    expect(kept).toEqual(['', 0, 0]);
    expect(JSON.stringify(await page.context().storageState())).not.toContain(token.reveal());
  });

  it('asks for the token again after signing out', async () => {
    await tab.page.getByRole('button', { name: 'sign out' }).click();
    await tab.page.getByLabel('Token of the node').waitFor();
  });
});

it('is usable by keyboard alone', async () => {
  node = await openFixtureNode(nodeWith(4));
  tab = await openTab(browser, node.base);
  const { page } = tab;
  await page.goto(node.base);
  await page.getByLabel('Token of the node').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type(token.reveal());
  await page.keyboard.press('Enter');
  await page.locator('.connection.live').waitFor();
  const focused = () =>
    page.evaluate(() =>
      document.activeElement === document.body ? '' : (document.activeElement?.textContent ?? ''),
    );
  const tabTo = async (words: string) => {
    for (let n = 0; n < 40 && !(await focused()).includes(words); n++) await page.keyboard.press('Tab');
    expect(await focused()).toContain(words);
  };
  await tabTo('Sessions');
  await page.keyboard.press('Enter');
  // The heading of the new view has the focus.
  await expect.poll(focused).toBe('Sessions');
  await tabTo('AS4242420000');
  const outline = await page.evaluate(
    () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
  );
  expect(outline).toBe('solid');
  await page.keyboard.press('Enter');
  await page.getByText('Wanted by the control plane').waitFor();
  await page.reload();
  await page.locator('.connection.live').waitFor();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await tab.close();
  await node.close();
});
