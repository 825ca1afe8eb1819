import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { end, type FaultyNode, openFaultyNode } from '../harness/faulty-node.js';
import { pictureOf } from '../harness/picture.js';
import { untilHealthy, untilPasses } from '../harness/trial.js';
import { controlPlane, layUplink } from '../harness/uplink.js';
import { waitFor } from '../harness/wait-for.js';

let node: FaultyNode;

beforeAll(async () => {
  node = await openFaultyNode('cut-off', 1, { elsewhere: layUplink });
  await untilHealthy(node);
}, 120_000);
afterAll(() => node?.close());

/** The addresses of all links, and BIRD's files. */
async function state() {
  const { files } = await pictureOf(node);
  const { stdout } = await node.namespace.run('ip', ['-o', 'addr']);
  const addresses = stdout.split('\n').map((line) => line.trim().split(/\s+/).slice(1, 6).join(' '));
  const ofBird = Object.entries(files).filter(([path]) => path.startsWith('/bird/'));
  return { addresses: addresses.sort(), files: Object.fromEntries(ofBird) };
}

async function setLoopback(address: string): Promise<void> {
  const config = JSON.parse(await readFile(node.path('config.json'), 'utf8'));
  config.node = { ...config.node, loopbackIpv4: address };
  await writeFile(node.path('config.json'), JSON.stringify(config));
  await end(node.daemon);
  await node.startDaemon();
}

it("a loopback address that is the control plane's is taken back, with all that depends on it", async ({
  task,
}) => {
  const before = await state();
  const {
    node: { loopbackIpv4 },
  } = JSON.parse(await readFile(node.path('config.json'), 'utf8'));
  await setLoopback(controlPlane);
  const problem = async () =>
    (await node.status()).problems.find((words) => /the agent undid the/.test(words));
  const namedMs = await waitFor('the status names it', async () => (await problem()) !== undefined, 120_000);
  expect(await problem()).toContain('the control plane stopped answering');
  await untilPasses(node, 3, 60_000);
  expect((await node.status()).controlPlane.error).toBe(undefined);
  expect(await state()).toEqual(before);

  const startedMs = Date.now();
  await setLoopback(loopbackIpv4);
  await untilHealthy(node);
  expect((await node.status()).problems.join()).not.toContain('the agent undid');
  expect(await state()).toEqual(before);
  task.meta.finding = {
    seen: 'the address goes, the node is heard, and BIRD never had it',
    namedMs,
    recoveredMs: Date.now() - startedMs,
  };
});
