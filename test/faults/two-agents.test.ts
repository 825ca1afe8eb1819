import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { waitFor } from './harness/wait-for.js';

const times = 10;

let node: FaultyNode;
beforeAll(async () => {
  node = await openFaultyNode('jp1', 3600, { daemon: false });
});
afterAll(() => node?.close());

describe('agents', () => {
  it(`two started at once, ${times} times, each time on the socket of one that was killed`, async ({
    task,
  }) => {
    const startedMs = Date.now();
    const words: string[] = [];
    for (let time = 0; time < times; time++) {
      const both = [start(), start()];
      await waitFor('one of them gives up', async () => both.some(({ child }) => child.exitCode !== null));
      const loser = both.find(({ child }) => child.exitCode !== null);
      const winner = both.find((one) => one !== loser);
      expect(loser?.child.exitCode).toBe(1);
      words.push(await (loser?.stderr ?? ''));
      await waitFor('the other one runs', async () => (await pid()) === winner?.child.pid);
      for (const { child } of both) await end(child);
    }
    for (const line of words) expect(line).toContain('another moenet-agent is running');
    const seen = words[0]?.trim() ?? '';
    task.meta.finding = { seen, namedMs: (Date.now() - startedMs) / times, recoveredMs: 0 };
  });
});

function start(): { readonly child: ChildProcess; readonly stderr: Promise<string> } {
  const child = node.spawn('node', [resolve('dist/main.js'), '-c', node.path('agent.json'), 'run']);
  return { child, stderr: child.stderr ? text(child.stderr) : Promise.resolve('') };
}

async function pid(): Promise<number | undefined> {
  return (await node.status().catch(() => undefined))?.agent.pid;
}
