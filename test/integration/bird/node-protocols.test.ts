import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { glanceAtBird, observeBird } from '../../../src/adapters/bird/observe.js';
import { openBird } from '../../../src/adapters/bird/open-bird.js';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import { nodeProtocols } from '../../../src/core/desired/node-protocols.js';
import type { BirdProtocol, ObservedBird } from '../../../src/core/model/observed.js';
import type { Routing } from '../../../src/core/model/routing.js';
import { diffProtocols } from '../../../src/core/plan/diff-bird.js';
import { renderBird } from '../../../src/core/render/bird.js';
import { isOutdated } from '../../../src/core/verdict/glance.js';
import { judgeNode, type NodeWishes } from '../../../src/core/verdict/node/node-verdict.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import { openRtrCache } from '../../../src/lab/rtr-server.js';
import { run } from '../../../src/platform/exec.js';
import { routings } from '../../unit/core/render/routings.js';
import { serveInside } from './routers/rtr-relay.js';
import { type RunningBird, startBird, type Tree } from './routers/running-bird.js';

// Every kind of protocol that the templates have: device, kernel, direct, static, Babel, RPKI, iBGP, a collector.
const everything = routings['every-option'] as Routing;
const cachePort = 8282;
const routing: Routing = {
  ...everything,
  policy: {
    ...everything.policy,
    rpkiServers: [
      { name: 'answers', host: '127.0.0.1', port: cachePort },
      { name: 'silent', host: '127.0.0.1', port: 8283 },
    ],
  },
};
const files = renderBird(routing, await loadTemplates());
const own = nodeProtocols(files);
const sessions = ['dn42_4242420001'];
const roas = [{ prefix: '172.21.1.0/24', maxLength: 24, asn: 4242420001 }];
const soon = { timeout: 30_000, interval: 100 };

let namespace: Namespace;
let bird: RunningBird;
let closeCache = async () => {};

const socket = () => `/proc/${namespace.pid}/root/run/bird/bird.ctl`;
const observe = () =>
  observeBird({ controlSocket: socket(), connectTimeoutMs: 2000, replyTimeoutMs: 10_000 });
const enable = (protocol: string) =>
  openBird({ configDir: '/nonexistent', mode: 'full', controlSocket: socket(), run }).enable(protocol);

beforeAll(async () => {
  namespace = await openNamespace('node-protocols');
  await namespace.run('ip', ['-batch', '-'], {
    input: 'address add 172.22.188.1/32 dev lo\naddress add fd00:4242:7777:101:1::1/128 dev lo\n',
  });
  closeCache = await serveInside(namespace, cachePort, openRtrCache(roas));
  bird = await startBird(namespace, treeOfFiles(files));
});
afterAll(async () => {
  await bird?.stop();
  await closeCache();
  await namespace?.close();
});

function treeOfFiles(all: typeof files): Tree {
  return Object.fromEntries(all.map(({ path, content }) => [path, content]));
}

function protocolsOf(observed: ObservedBird): readonly BirdProtocol[] {
  if (!observed.running) throw new Error(observed.reason);
  return observed.protocols;
}

function wishes(nodes = own): NodeWishes {
  return {
    nodeProtocols: nodes,
    protocols: nodes,
    tunnels: [],
    loopback: { interface: 'lo', addresses: [] },
    refusesUnknownOrigins: true,
  };
}

/** What the agent does about protocols that are off, as a pass does. */
async function repair(): Promise<readonly string[]> {
  const changes = diffProtocols(own, await observe(), false, false);
  const names = changes.map((change) => (change.kind === 'enable-protocol' ? change.protocol : change.kind));
  for (const name of names) await enable(name);
  return names;
}

const faults = async (wanted = wishes()) =>
  judgeNode(wanted, { bird: await observe() }).faults.map(({ words }) => words);
const kernelRoutes = async () => (await namespace.run('ip', ['route', 'show', 'proto', 'bird'])).stdout;

it('BIRD runs exactly the protocols that are found in the files, by these names and types', async () => {
  const running = protocolsOf(await observe());
  expect(running.map(({ name }) => name).sort()).toEqual(
    [...own.map(({ name }) => name), ...sessions].sort(),
  );
  for (const { name, type } of own) {
    const found = running.find((protocol) => protocol.name === name);
    expect([name, found?.proto.toLowerCase()]).toEqual([name, type]);
  }
});

it('a node whose protocols are up has no fault, and its routes are in the kernel', async () => {
  await expect.poll(() => faults(), soon).toEqual([]);
  await expect.poll(kernelRoutes, soon).toContain('unreachable 172.22.188.0/26');
  const { kernel } = judgeNode(wishes(), { bird: await observe() });
  expect(kernel.map(({ family, isUp, exported }) => [family, isUp, exported > 0])).toEqual([
    ['ipv4', true, true],
    ['ipv6', true, true],
  ]);
});

it('an RPKI cache is up with its ROAs, and one that does not answer is not', async () => {
  const caches = async () => judgeNode(wishes(), { bird: await observe() }).caches;
  const seen = async () => (await caches()).map(({ name, isUp, roas: count }) => [name, isUp, count]);
  await expect.poll(seen, soon).toEqual([
    ['answers', true, 1],
    ['silent', false, 0],
  ]);
});

describe('a protocol that somebody switches off', () => {
  it.each(own.map(({ name }) => name).filter((name) => !/rpki_silent/.test(name)))(
    '%s is named, switched on again, and all is well',
    async (name) => {
      const before = protocolsOf(await observe()).map(({ since }) => since);
      expect(before.length).toBeGreaterThan(0);
      await bird.ask(`disable ${name}`);
      const isOff = async () => protocolsOf(await observe()).find((each) => each.name === name)?.disabled;
      await expect.poll(isOff, soon).toBe(true);
      expect((await faults()).join()).toContain(`${name} is disabled`);
      expect(await repair()).toEqual([name]);
      await expect.poll(() => faults(), soon).toEqual([]);
      expect(await repair()).toEqual([]);
    },
  );

  it('the kernel has its routes again', async () => {
    await bird.ask('disable moenet_kernel_v4');
    await expect.poll(kernelRoutes, soon).toBe('');
    await repair();
    await expect.poll(kernelRoutes, soon).toContain('unreachable 172.22.188.0/26');
  });

  it('all of them come back at once, in the order of their dependencies', async () => {
    await bird.ask('disable all');
    const anyUp = async () => protocolsOf(await observe()).some(({ state }) => state !== 'down');
    await expect.poll(anyUp, soon).toBe(false);
    expect((await faults())[0]).toMatch(
      /^BIRD's device protocol device1 is disabled on this node; no session/,
    );
    expect(await repair()).toEqual(own.map(({ name }) => name));
    await expect.poll(() => faults(), soon).toEqual([]);
    await expect.poll(kernelRoutes, soon).toContain('unreachable 172.22.188.0/26');
  });
});

describe('a kernel protocol of an operator', () => {
  const without = wishes(own.filter(({ type }) => type !== 'kernel' && type !== 'device'));

  it.each([
    ['moenet_kernel_v4', /^BIRD's kernel protocol moenet_kernel_v4 is disabled, so no IPv4 route reaches/],
    ['device1', /^BIRD's device protocol device1 is disabled .* Run: birdc enable device1$/],
  ])('%s is named while it is off, and is not the agent’s to switch on', async (name, sentence) => {
    await bird.ask(`disable ${name}`);
    await expect.poll(async () => (await faults(without))[0], soon).toMatch(sentence);
    expect(diffProtocols(without.protocols, await observe(), false, false)).toEqual([]);
    await bird.ask(`enable ${name}`);
    await expect.poll(() => faults(without), soon).toEqual([]);
  });
});

it('no cache that answers is named, with what becomes of routes; a look between two passes sees it', async () => {
  const read = await observe();
  const glance = () =>
    glanceAtBird({ controlSocket: socket(), connectTimeoutMs: 2000, replyTimeoutMs: 10_000 });
  expect(isOutdated(read, await glance())).toBe(false);
  await closeCache();
  closeCache = async () => {};
  await expect.poll(async () => isOutdated(read, await glance()), soon).toBe(true);
  await expect
    .poll(() => faults(), { timeout: 50_000, interval: 250 })
    .toEqual([expect.stringMatching(/^no RPKI cache answers \(answers, silent\): /)]);
});
