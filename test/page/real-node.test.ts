import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentNode, birdc, openAgentNode } from '../e2e/agent-node.js';
import {
  addresses,
  type Neighborhood,
  neighborAsn,
  openNeighborhood,
} from '../e2e/local-api/neighborhood.js';
import { until } from '../integration/host/tunnel-host.js';
import { accessibilityFaults, keepPicture, openBrowser, openTab, type Tab } from './browser.js';
import { forward } from './forward.js';

// The built daemon with BIRD, WireGuard and a neighbor; the browser reaches its socket for readers as by `ssh -L`.
let browser: Browser;
let node: AgentNode;
let daemon: ChildProcess;
let neighborhood: Neighborhood;
let port: Awaited<ReturnType<typeof forward>>;
let tab: Tab;

beforeAll(async () => {
  node = await openAgentNode('jp1');
  neighborhood = await openNeighborhood(node.namespace);
  await node.answer('sessions', { sessions: [neighborhood.session] });
  await lookOften();
  daemon = await node.start();
  const publicKey = join(node.directory, 'keys/public.key');
  await until('the node has a key', async () => (await readFile(publicKey, 'utf8').catch(() => '')) !== '');
  await neighborhood.connect((await readFile(publicKey, 'utf8')).trim());
  await until('the session is Established', established);
  port = await forward(`/proc/${node.namespace.pid}/root/run/moenet-agent/read.sock`);
  browser = await openBrowser();
  tab = await openTab(browser, port.base);
});

afterAll(async () => {
  await browser.close();
  port.close();
  await node.close();
  await neighborhood.close();
});

async function lookOften(): Promise<void> {
  const path = join(node.directory, 'agent.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...config, intervals: { ...config.intervals, look: 1 } }));
}

async function established(): Promise<boolean> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols', `dn42_${neighborAsn}`);
  return stdout.includes('Established');
}

/** The first line of `status`: `jp1  ok: 1 of 1 session up`. */
async function verdict(): Promise<string> {
  const { stdout } = await node.agent('status');
  return (stdout.split('\n\n')[0] ?? '').replace(/\s+/g, ' ');
}

it('shows what `status` shows, without a sign-in', async () => {
  const { page } = tab;
  await page.goto(port.base);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect
    .poll(async () => `jp1 ${await page.getByRole('heading', { level: 1 }).textContent()}`)
    .toBe(await verdict());
  await keepPicture(page, 'real-overview');
  expect(await page.getByRole('button', { name: 'sign out' }).count()).toBe(0);
});

it('shows what `explain` shows', async () => {
  const { page } = tab;
  await page.goto(`${port.base}#/sessions`);
  await page.getByRole('link', { name: `AS${neighborAsn}` }).click();
  await page.getByText('Wanted by the control plane').waitFor();
  const { stdout } = await node.agent('explain', `${neighborAsn}`, '--json');
  const { title, summary, desired } = JSON.parse(stdout);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(title);
  expect(await page.locator('.verdict').textContent()).toContain(summary);
  const text = await page.locator('main').textContent();
  for (const { value } of desired) expect(text).toContain(value);
  await keepPicture(page, 'real-session');
  expect(await accessibilityFaults(page)).toEqual([]);
});

it('shows the plan of a converged node: nothing to do', async () => {
  const { page } = tab;
  await page.goto(`${port.base}#/plan`);
  await page.getByText('nothing to do').waitFor();
});

it('looks up routes, and pings and traces over the tunnel', async () => {
  const { page } = tab;
  await page.goto(`${port.base}#/look-ups`);
  const ask = async (tool: string, target: string) => {
    await page.getByText(tool, { exact: true }).click();
    await page.getByRole('textbox').fill(target);
    await page.getByRole('button', { name: 'look up' }).click();
    return page.locator('[aria-live]');
  };
  await (await ask('Route', addresses.behind)).getByText(`AS${neighborAsn}`).first().waitFor();
  await (await ask('AS path', addresses.behind))
    .locator('.chain', { hasText: `AS${neighborAsn}` })
    .first()
    .waitFor();
  await (await ask('Ping', addresses.neighbor)).getByText('0% packet loss').first().waitFor();
  await (await ask('Trace', addresses.behind)).locator('.hops', { hasText: addresses.behind }).waitFor();
  await keepPicture(page, 'real-trace');
  await (await ask('Ping', '; reboot')).getByRole('alert').waitFor();
});

it('shows that a session breaks and comes back, while it is open', async () => {
  const { page } = tab;
  await page.goto(`${port.base}#/sessions`);
  const state = () => page.locator('tbody tr', { hasText: `AS${neighborAsn}` }).textContent();
  await expect.poll(state).toMatch(/^up.*Established/s);
  await birdc(neighborhood.neighbor, 'disable', 'all');
  await expect.poll(state, { timeout: 30_000 }).not.toMatch(/Established/);
  await keepPicture(page, 'real-broken');
  const { stdout } = await node.agent('status', '--json');
  const [row] = JSON.parse(stdout).sessions;
  await page.locator('tbody .note', { hasText: row.trouble.words }).first().waitFor();
  await birdc(neighborhood.neighbor, 'enable', 'all');
  await expect.poll(state, { timeout: 60_000 }).toMatch(/^up.*Established/s);
  await page.goto(`${port.base}#/events`);
  await page.getByRole('cell', { name: 'down', exact: true }).first().waitFor();
});

it('shows the history that the daemon keeps: a minute of it, once that is over', async () => {
  const { page } = tab;
  await page.goto(`${port.base}#/session/${neighborhood.session['uuid']}`);
  const routes = page.locator('figure', { hasText: 'Routes' });
  const shown = async () => {
    // The page of a session asks again with each pass; nobody waits for one here.
    await page.reload();
    await page.getByText('BGP went down').waitFor();
    return (await routes.count()) === 0 ? '' : routes.locator('figcaption').textContent();
  };
  await expect.poll(shown, { timeout: 90_000, interval: 2_000 }).toContain('imported');
  const kept = async () => {
    const { series } = await (await fetch(`${port.base}history?session=${neighborAsn}&hours=24`)).json();
    return series.imported.filter((value: number | null) => value !== null).at(-1);
  };
  expect(await kept()).toBeGreaterThan(0);
  // A minute may end in between.
  await expect.poll(async () => (await shown())?.includes(` ${Math.round(await kept())};`)).toBe(true);
  await keepPicture(page, 'real-history');
  expect(await accessibilityFaults(page)).toEqual([]);
});

it('does not complain, and asks nobody else', () => {
  // The refused ping is an answer with 400, which chromium writes down.
  const others = tab.complaints.filter((text) => !/status of 400/.test(text));
  expect([others, tab.strangers]).toEqual([[], []]);
});

it('does not hold up the stop of the daemon, and says that it is gone', async () => {
  const { page } = tab;
  await page.goto(`${port.base}#/`);
  await page.locator('.connection.live').waitFor();
  const before = performance.now();
  daemon.kill('SIGTERM');
  await once(daemon, 'exit');
  expect(performance.now() - before).toBeLessThan(5_000);
  await page.locator('.connection.lost').waitFor();
  daemon = await node.start();
  await page.locator('.connection.live').waitFor({ timeout: 20_000 });
});
