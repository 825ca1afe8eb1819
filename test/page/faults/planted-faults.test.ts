import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentNode, openAgentNode } from '../../e2e/agent-node.js';
import { until } from '../../integration/host/tunnel-host.js';
import { accessibilityFaults, keepPicture, openBrowser, openTab, type Scheme, type Tab } from '../browser.js';
import { forward } from '../forward.js';
import { asnOf, type Neighbors, openNeighbors } from './neighbors.js';
import { allUp, type Fault, nodeFaults, sessionFaults } from './planted.js';

// An operator with nothing but the page finds why each of ten faults is there. The node, BIRD, WireGuard and the neighbors are real.
const sessions = 7;
const allGood = `ok: ${sessions} of ${sessions} sessions up`;

let browser: Browser;
let node: AgentNode;
let neighbors: Neighbors;
let port: Awaited<ReturnType<typeof forward>>;
let tab: Tab;

beforeAll(async () => {
  const opening = openBrowser();
  node = await openAgentNode('jp1');
  neighbors = await openNeighbors(node.namespace, sessions);
  await standAlone();
  await node.start();
  const publicKey = join(node.directory, 'keys/public.key');
  await until('the node has a key', async () => (await readFile(publicKey, 'utf8').catch(() => '')) !== '');
  await neighbors.connect((await readFile(publicKey, 'utf8')).trim());
  await until('all sessions are up', () => allUp(node, sessions));
  port = await forward(`/proc/${node.namespace.pid}/root/run/moenet-agent/read.sock`);
  browser = await opening;
  tab = await openTab(browser, port.base);
});

afterAll(async () => {
  await browser.close();
  port.close();
  await node.close();
  await neighbors.close();
});

/** A node whose only neighbors are ours, so that nothing is wrong at the start. */
async function standAlone(): Promise<void> {
  const read = async (name: string) => JSON.parse(await readFile(join(node.directory, name), 'utf8'));
  const { intervals, ...config } = await read('agent.json');
  const text = JSON.stringify({ ...config, intervals: { ...intervals, look: 1 } });
  await writeFile(join(node.directory, 'agent.json'), text);
  const birdConfig = await read('bird-config.json');
  const policy = { ...birdConfig.policy, rpkiServers: [] };
  await node.answer('bird-config', { ...birdConfig, ibgpPeers: [], policy });
  await node.answer('mesh', { peers: [] });
  await node.answer('sessions', { sessions: neighbors.sessions });
}

const heading = () => tab.page.getByRole('heading', { level: 1 }).textContent();
const problems = async () => `${await heading()}\n${await tab.page.locator('.problems').allTextContents()}`;

/** On the page that is open, which is never loaded again. */
async function show(hash: string): Promise<void> {
  await tab.page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** The same screen in the dark and on a phone, which nobody may be kept out of. */
async function lookAround(name: string): Promise<void> {
  const { page } = tab;
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as readonly (readonly [Scheme, number])[]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 800 });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(width);
    await keepPicture(page, `fault-${name}-${scheme}-${width}`);
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}

it('says at the start that all is well', async () => {
  await tab.page.goto(port.base);
  await expect.poll(heading).toBe(allGood);
});

describe('seven faults, each on a session of its own', () => {
  let faults: readonly Fault[];

  beforeAll(async () => {
    faults = sessionFaults(node, neighbors);
    // What holds a port or a name has to be there first.
    const listed = neighbors.sessions;
    await node.answer('sessions', { sessions: listed.slice(0, 5) });
    await node.resync();
    for (const { plant } of faults) await plant?.();
    const rows = listed.map((row, n) => faults.find(({ place }) => place === n + 1)?.row?.(row) ?? row);
    await node.answer('sessions', { sessions: rows });
    await node.resync();
  });

  it('make the verdict bad, and the first is named in it', async () => {
    await expect
      .poll(heading)
      .toMatch(/^degraded: DNS: peer\.exmaple\.net does not resolve.*, and \d more problems$/);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('the fault of session %i is found', async (place) => {
    const fault = faults.find((each) => each.place === place);
    if (!fault) throw new Error('there is no such fault');
    const { page } = tab;
    await show('#/');
    // The key is found wrong once BGP has noticed the silence.
    await expect
      .poll(() => page.locator('main').textContent(), { timeout: 20_000 })
      .toContain(fault.overview);
    const named = page.locator('.troubles li, .problems li, h1', { hasText: fault.overview });
    await named
      .getByRole('link', { name: `AS${asnOf(place)}` })
      .first()
      .click();
    await page.getByText('Wanted by the control plane').waitFor();
    expect(await heading()).toContain(`AS${asnOf(place)}`);
    await expect.poll(() => page.locator('main').textContent()).toContain(fault.remedy);
    await keepPicture(page, `fault-session-${place}`);
  });

  it('can be read in the dark, on a phone and by everybody', async () => {
    await lookAround('session');
    await show('#/');
    await tab.page.getByText('Neighbors and mesh').waitFor();
    await lookAround('overview');
  });

  it('are gone from the page when they are mended, without a reload', async () => {
    await show('#/');
    for (const { mend } of faults) await mend?.();
    await node.answer('sessions', { sessions: neighbors.sessions });
    await node.resync();
    await expect.poll(heading, { timeout: 40_000 }).toBe(allGood);
  });
});

describe('three faults of the node itself', () => {
  it.each([0, 1, 2])('fault %i is found, and is gone when it is mended', async (index) => {
    const fault = nodeFaults(node)[index];
    if (!fault) throw new Error('there is no such fault');
    await show('#/');
    await fault.plant?.();
    await expect.poll(heading, { timeout: 20_000 }).toContain(`degraded: ${fault.overview}`);
    expect(await problems()).toContain(fault.remedy);
    await keepPicture(tab.page, `fault-node-${index}`);
    if (fault.inSession !== undefined) {
      await show('#/session/neighbor-1');
      await expect.poll(() => tab.page.locator('main').textContent()).toContain(fault.inSession);
      expect(await tab.page.locator('.verdict').textContent()).toContain(fault.overview);
      await keepPicture(tab.page, `fault-node-${index}-session`);
      await show('#/');
    }
    await fault.mend?.();
    await expect.poll(heading, { timeout: 30_000 }).toBe(allGood);
  });
});

it('does not complain, and asks nobody else', () => {
  expect([tab.complaints, tab.strangers]).toEqual([[], []]);
});
