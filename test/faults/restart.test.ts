import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { pictureOf } from './harness/picture.js';
import { untilHealthy } from './harness/trial.js';

let node: FaultyNode;
beforeAll(async () => {
  node = await openFaultyNode('jp1');
  await untilHealthy(node);
});
afterAll(() => node?.close());

const damages: readonly (readonly [string, (text: Buffer) => Buffer])[] = [
  ['not damaged', (text) => text],
  ['truncated', (text) => text.subarray(0, text.length / 2)],
  ['emptied', () => Buffer.alloc(0)],
  ['bit-flipped', (text) => text.map((byte, at) => (at === text.length >> 1 ? byte ^ 1 : byte)) as Buffer],
];

describe('agent', () => {
  it.for(damages)('killed and started again, its state files %s', async ([, damage], { task }) => {
    const before = await pictureOf(node);
    await end(node.daemon);
    await damageState(damage);
    const startedMs = Date.now();
    await node.startDaemon();
    await untilHealthy(node);
    task.meta.finding = { seen: 'nothing changed', namedMs: 0, recoveredMs: Date.now() - startedMs };
    expect(await pictureOf(node)).toEqual(before);
  });

  it('started twice', async ({ task }) => {
    const before = await pictureOf(node);
    const startedMs = Date.now();
    const args = [resolve('dist/main.js'), '-c', node.path('agent.json'), 'run'];
    const second = await node.namespace.run('node', args, { okExitCodes: [1] });
    const namedMs = Date.now() - startedMs;
    expect(second.stderr).toMatch(/already|another/);
    expect((await node.status()).agent.pid).toBe(node.daemon.pid);
    expect(await pictureOf(node)).toEqual(before);
    task.meta.finding = { seen: second.stderr.trim(), namedMs, recoveredMs: 0 };
  });
});

async function damageState(damage: (text: Buffer) => Buffer): Promise<void> {
  const files = (await readdir(node.path('state'))).filter((name) => name.endsWith('.json'));
  expect(files).not.toEqual([]);
  for (const name of files) {
    const file = node.path(`state/${name}`);
    await writeFile(file, damage(await readFile(file)));
  }
}
