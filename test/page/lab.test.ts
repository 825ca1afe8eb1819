import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeScenario } from '../../src/lab/scenario/scenario.js';
import { accessibilityFaults, keepPicture, openTab } from './browser.js';
import { type ShownLab, showLab } from './shown-lab.js';

// The real lab as `npm run lab` starts it, and its page in the machine's own network.
const { nodes, peers } = makeScenario();
let shown: ShownLab;

beforeAll(async () => {
  shown = await showLab('--no-steps', '--keep');
});

afterAll(() => shown?.close());

function answerTo(
  path: string,
  { method = 'GET', host }: { method?: string; host: string },
): Promise<number> {
  const { hostname, port } = new URL(shown.address);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, method, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject).end();
  });
}

it('draws the whole network, which comes alive without a reload', async () => {
  const { page } = shown.tab;
  await page.goto(shown.address);
  for (const { name } of nodes) await page.locator('.lab-card.node', { hasText: name }).waitFor();
  for (const { asn } of peers) await page.locator('.lab-card.peer', { hasText: `AS${asn}` }).waitFor();
  expect(await page.locator('.lab-card.peer.up').count()).toBeLessThan(peers.length);
  await keepPicture(page, 'lab-starts');
  await expect
    .poll(() => page.locator('.lab-card.peer.up', { hasText: 'Established' }).count(), { timeout: 90_000 })
    .toBe(peers.length);
  await expect.poll(() => page.locator('.lab-line.mesh.up').count()).toBeGreaterThanOrEqual(3);
  await page.getByText('BIRD and the agent run at').first().waitFor();
});

it('shows which checks hold, and the outcome', async () => {
  const { page } = shown.tab;
  await page.getByRole('heading', { level: 1, name: 'everything held' }).waitFor({ timeout: 90_000 });
  const counts = /(\d+) of (\d+) hold/.exec((await page.locator('main').textContent()) ?? '');
  expect(Number(counts?.[1])).toBeGreaterThan(100);
  expect(counts?.[1]).toBe(counts?.[2]);
  const fromEnd = () =>
    page
      .getByRole('region', { name: 'all lines' })
      .evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop);
  await expect.poll(fromEnd).toBeLessThan(3);
});

it.each(['light', 'dark'] as const)('can be used by everybody, in %s', async (scheme) => {
  for (const width of [1280, 360]) {
    const other = await openTab(shown.browser, shown.address, { scheme, width });
    await other.page.goto(shown.address);
    await other.page.locator('.lab-card.peer.up').first().waitFor();
    expect(await accessibilityFaults(other.page)).toEqual([]);
    const overflows = await other.page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(overflows).toBe(false);
    await keepPicture(other.page, `lab-${scheme}-${width}`);
    expect([other.complaints, other.strangers]).toEqual([[], []]);
    await other.close();
  }
});

it('opens the page of each node by a click, with what `status` shows', async () => {
  const { page } = shown.tab;
  for (const { name } of nodes) {
    await page.getByRole('link', { name: new RegExp(`^${name}\\b.*open its page`, 's') }).click();
    await page.getByRole('link', { name, exact: true }).waitFor();
    await page.locator('.connection.live').waitFor();
    const { length } = peers.filter(({ node }) => node.name === name);
    await page.getByRole('heading', { level: 1, name: `ok: ${length} of ${length} sessions up` }).waitFor();
    await page.getByRole('link', { name: 'Sessions', exact: true }).click();
    for (const { asn } of peers.filter(({ node }) => node.name === name))
      await page
        .locator('tbody tr', { hasText: `AS${asn}` })
        .getByText('Established')
        .waitFor();
    await keepPicture(page, `lab-node-${name}`);
    await page.getByRole('link', { name: 'the lab', exact: true }).click();
  }
});

it('answers to nobody else, and only shows', async () => {
  const { host } = new URL(shown.address);
  expect(await answerTo('/', { host })).toBe(200);
  expect(await answerTo('/', { host: 'stranger.example' })).toBe(421);
  expect(await answerTo('/nodes/jp1/', { host: 'stranger.example' })).toBe(421);
  expect(await answerTo('/nodes/jp1/page/login', { host, method: 'POST' })).toBe(405);
  expect(await answerTo('/nodes/..%2f..%2fetc/', { host })).toBe(404);
  // On the socket for readers the page of a node is all that is reached; its paths are below it.
  expect(await answerTo('/nodes/jp1/page/session', { host })).toBe(200);
});

it('says that the lab has ended, and complains of nothing until then', async () => {
  const { page } = shown.tab;
  await page.locator('.connection.live').waitFor();
  expect([shown.tab.complaints, shown.tab.strangers]).toEqual([[], []]);
  shown.lab.kill('SIGINT');
  await page.getByText('The lab has ended: it was interrupted').waitFor();
  await keepPicture(page, 'lab-ended');
  await expect.poll(() => shown.lab.exitCode).toBe(130);
  await expect(fetch(shown.address)).rejects.toThrow();
});
