import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { birdProtocols, end, type FaultyNode } from './harness/faulty-node.js';
import { newcomer, runs, servesNewcomer, untilHealthy, untilPasses } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
import { it } from './harness/with-node.js';

const uuid = 'abc-123';
const protocol = 'dn42_4242421080';

async function birdc(node: FaultyNode, ...words: string[]): Promise<string> {
  const options = { okExitCodes: [0, 1] };
  return (await node.namespace.run('birdc', ['-s', '/run/bird/bird.ctl', ...words], options)).stdout;
}

async function agent(node: FaultyNode, ...words: string[]): Promise<string> {
  const args = [resolve('dist/main.js'), '-c', node.path('agent.json'), ...words];
  return (await node.namespace.run('node', args, { timeoutMs: 120_000 })).stdout;
}

async function stateOf({ namespace }: FaultyNode): Promise<string | undefined> {
  return (await birdProtocols(namespace))?.find(({ name }) => name === protocol)?.state;
}

const isOff = async (node: FaultyNode) => (await stateOf(node)) === 'down';
const isOn = async (node: FaultyNode) => ['start', 'up'].includes((await stateOf(node)) ?? '');

async function row(node: FaultyNode) {
  return (await node.status()).sessions.find((session) => session.uuid === uuid);
}

async function toldErrors(node: FaultyNode): Promise<string[]> {
  const lines = (await readFile(node.path('posts.jsonl'), 'utf8')).split('\n').filter(Boolean);
  return lines.filter((line) => line.includes('"modify"') && line.includes('disabled by hand on this node'));
}

describe.concurrent("an operator's hand in BIRD", () => {
  it('birdc disable: stays off over passes, loads, restarts of agent and BIRD, until enable', async ({
    node,
    task,
  }) => {
    const startedMs = Date.now();
    await birdc(node, 'disable', protocol);
    const named = async () => (await row(node))?.state === 'disabled';
    const namedMs = await waitFor('the status says that it is disabled', named);
    const words = (await row(node))?.error ?? '';
    expect(words).toMatch(/disabled by hand .* stays off until: moenet-agent enable/);
    await untilPasses(node, 3, 60_000);
    expect(await isOff(node)).toBe(true);
    await servesNewcomer(node);
    expect(await isOff(node)).toBe(true);

    await end(node.daemon);
    node.bird.kill('SIGTERM');
    await once(node.bird, 'exit');
    await node.startBird();
    expect(await isOff(node)).toBe(true);
    await node.startDaemon();
    await waitFor('the agent says it still', named);
    await untilPasses(node, 2, 60_000);
    expect(await isOff(node)).toBe(true);
    await waitFor('the control plane is told', async () => (await toldErrors(node)).length === 1);

    const answer = await agent(node, 'enable', '4242421080');
    expect(answer).toContain('is enabled');
    expect(await isOn(node)).toBe(true);
    await untilPasses(node, 2, 60_000);
    expect([await isOn(node), (await row(node))?.state]).not.toContain('disabled');
    expect(await toldErrors(node)).toHaveLength(1);
    await untilHealthy(node);
    task.meta.finding = { seen: words, namedMs, recoveredMs: Date.now() - startedMs };
  });

  it('moenet-agent disable, and birdc enable', async ({ node, task }) => {
    const startedMs = Date.now();
    expect(await agent(node, 'disable', 'AS4242421080', '--now')).toContain('is disabled');
    expect(await isOff(node)).toBe(true);
    await birdc(node, 'configure');
    expect(await isOff(node)).toBe(true);
    const words = (await row(node))?.error ?? '';
    await birdc(node, 'enable', protocol);
    await waitFor('the agent takes that over', async () => (await row(node))?.state !== 'disabled');
    await birdc(node, 'configure');
    expect(await isOn(node)).toBe(true);
    task.meta.finding = { seen: words, namedMs: 0, recoveredMs: Date.now() - startedMs };
  });

  it('configure timeout: no load makes it permanent', async ({ node, task }) => {
    const startedMs = Date.now();
    const before = await node.sessions();
    await birdc(node, 'configure', 'timeout', '25');
    await node.setSessions([...before, newcomer]);
    const named = async () => (await node.status()).problems.find((words) => /on trial in BIRD/.test(words));
    const namedMs = await waitFor(
      'the status says what it waits for',
      async () => (await named()) !== undefined,
    );
    const words = await named();
    await untilPasses(node, 3, 60_000);
    expect(await birdc(node, 'configure', 'status')).toContain('undo in');
    await waitFor(
      'BIRD has undone it',
      async () => !(await birdc(node, 'configure', 'status')).includes('undo in'),
    );
    const recoveredMs = await waitFor('the new session runs', () => runs(node, newcomer));
    await waitFor('nothing waits any more', async () => (await named()) === undefined);
    // The heartbeat tells it as a problem of the node; no session is in error because of it.
    const posts = (await readFile(node.path('posts.jsonl'), 'utf8')).split('\n');
    expect(posts.filter((post) => post.includes('"call":"modify"')).join()).not.toContain('on trial');
    expect(Date.now() - startedMs).toBeGreaterThan(25_000);
    task.meta.finding = { seen: words ?? '', namedMs, recoveredMs };
  });
});
