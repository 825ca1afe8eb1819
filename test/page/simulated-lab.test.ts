import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeScenario } from '../../src/lab/scenario/scenario.js';
import { accessibilityFaults, keepPicture, openTab } from './browser.js';
import { type ShownLab, showLab } from './shown-lab.js';

// The page of the lab on simulated hosts, as `npm run lab -- --simulate` serves it.
const { nodes, peers } = makeScenario();
let shown: ShownLab;

beforeAll(async () => {
  shown = await showLab('--simulate', '--no-steps');
});

afterAll(() => shown?.close());

it('says that it is a simulation, and what that does not prove, while the network comes alive', async () => {
  const { page } = shown.tab;
  await page.goto(shown.address);
  await page.getByRole('link', { name: 'moenet-agent lab: simulation' }).waitFor();
  await page.getByText('This is a simulation (asked for by --simulate)').waitFor();
  await page.getByText('It does not prove that BIRD reads the configuration').waitFor();
  await expect
    .poll(() => page.locator('.lab-card.peer.up', { hasText: 'Established' }).count(), { timeout: 60_000 })
    .toBe(peers.length);
  await page
    .getByRole('heading', { level: 1, name: 'everything held in the simulation' })
    .waitFor({ timeout: 60_000 });
});

it.each(['light', 'dark'] as const)('can be used by everybody, in %s', async (scheme) => {
  for (const width of [1280, 360]) {
    const other = await openTab(shown.browser, shown.address, { scheme, width });
    await other.page.goto(shown.address);
    await other.page.locator('.lab-card.peer.up').first().waitFor();
    expect(await accessibilityFaults(other.page)).toEqual([]);
    // The picture is as wide as its column, and scrolls in it.
    const widths = await other.page.locator('.lab-picture').evaluate((picture) => ({
      isWithin: picture.getBoundingClientRect().right <= document.documentElement.clientWidth,
      scrolls: picture.scrollWidth > picture.clientWidth,
    }));
    expect(widths).toEqual({ isWithin: true, scrolls: width === 360 });
    await keepPicture(other.page, `simulated-lab-${scheme}-${width}`);
    expect([other.complaints, other.strangers]).toEqual([[], []]);
    await other.close();
  }
});

it('opens the page of each node by a click, which says that it is simulated and leads back', async () => {
  const { page } = shown.tab;
  for (const { name } of nodes) {
    await page.getByRole('link', { name: new RegExp(`^${name}\\b.*open its page`, 's') }).click();
    await page.getByRole('link', { name, exact: true }).waitFor();
    await page.locator('.connection.live').waitFor();
    const { length } = peers.filter(({ node }) => node.name === name);
    await page.getByRole('heading', { level: 1, name: `ok: ${length} of ${length} sessions up` }).waitFor();
    await page.getByText('this node is simulated').waitFor();
    await page.getByRole('link', { name: 'the lab', exact: true }).click();
    await page.getByText('This is a simulation').waitFor();
  }
  expect([shown.tab.complaints, shown.tab.strangers]).toEqual([[], []]);
});

it('says that it has ended', async () => {
  shown.lab.kill('SIGINT');
  await shown.tab.page.getByText('The lab has ended: it was interrupted').waitFor();
  await expect.poll(() => shown.lab.exitCode).toBe(130);
});
