import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';

const { signal } = new AbortController();

let node: FakeNode;
let agent: Agent;
let passes: number;

beforeEach(async () => {
  node = makeFakeNode();
  node.onPass = () => {
    passes += 1;
  };
  agent = await node.startAgent();
  await agent.settle(signal);
  passes = 0;
});

/** As the daemon does every two minutes. */
async function askForMesh(): Promise<void> {
  await agent.refresh(['mesh'], signal);
  await agent.passIfNews();
}

describe('a pass after GET mesh', () => {
  it('is made where the answer is another one, once', async () => {
    node.controlPlane.mesh = { peers: [], refused: [{ nodeId: 7, reason: 'its key is no key' }] };
    await askForMesh();
    expect(passes).toBe(1);
    await askForMesh();
    expect(passes).toBe(1);
  });

  it('is not made where the same is said in another object, or nothing', async () => {
    node.controlPlane.mesh = { ...node.controlPlane.mesh };
    await askForMesh();
    node.controlPlane.down = 'connection refused';
    await askForMesh();
    expect(passes).toBe(0);
  });

  it('is made where the last pass failed', async () => {
    const { observe } = node.host.links;
    node.host.links.observe = () => Promise.reject(new Error('ip does not start'));
    await agent.pass();
    node.host.links.observe = observe;
    passes = 0;
    await askForMesh();
    expect(passes).toBe(1);
  });

  it('is made where the same list was known from disk only, which may have been old', async () => {
    node.controlPlane.known = { ...node.controlPlane.known, mesh: node.controlPlane.mesh };
    node.controlPlane.down = 'connection refused';
    agent = await node.startAgent();
    await agent.pass();
    node.controlPlane.down = undefined;
    passes = 0;
    await askForMesh();
    expect(passes).toBe(1);
  });
});
