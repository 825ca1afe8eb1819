import { beforeEach, expect, it } from 'vitest';
import type { MeshPeer } from '../../../../src/core/model/control-plane.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { otherKey, v4, v6 } from '../../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

function otherNode(nodeId: number, part: Partial<MeshPeer> = {}): MeshPeer {
  return {
    nodeId,
    nodeName: `node ${nodeId}` as MeshPeer['nodeName'],
    publicKey: otherKey,
    endpoint: undefined,
    mtu: 1420,
    loopbackIpv4: v4(`172.22.188.${nodeId}`),
    loopbackIpv6: v6(`fd00:4242:7777:101:${nodeId}::1`),
    isRouteReflector: false,
    ...part,
  };
}

beforeEach(async () => {
  node = makeFakeNode();
  // The node itself is listed, too, as it may be: its id is 1.
  node.controlPlane.mesh = {
    peers: [otherNode(1), otherNode(2), otherNode(3, { loopbackIpv4: undefined })],
    refused: [],
  };
  agent = await node.startAgent();
  await agent.refresh(['sessions', 'mesh'], signal);
  await agent.pass();
});

const targets = () => node.controlPlane.told.rtt.map((rows) => rows.map(({ target }) => target));

it('the round-trip time to each other node is told every five minutes, by its loopback address', async () => {
  for (let minute = 0; minute < 11; minute += 1) {
    await agent.report(signal);
    node.host.nowMs += 60_000;
  }
  expect(targets()).toEqual(Array(3).fill(['172.22.188.2', 'fd00:4242:7777:101:3::1']));
  expect(node.controlPlane.told.rtt[0]?.[0]).toEqual({ target: '172.22.188.2', rttMs: 12.5, loss: 0 });
});

it('a node that does not answer is not told of, and at the start is asked again with the next report', async () => {
  node.rttMs = undefined;
  await agent.report(signal);
  expect(targets()).toEqual([]);
  node.rttMs = 12.5;
  node.host.nowMs += 60_000;
  await agent.report(signal);
  expect(targets()).toHaveLength(1);
});

it('what the control plane did not take is due again with the next report', async () => {
  const { postNodeRtts } = node.controlPlane;
  node.controlPlane.postNodeRtts = async () => {
    throw new ControlPlaneError('POST rtt', { kind: 'server-error', reason: '502' });
  };
  expect((await agent.report(signal)).errors).toEqual(['POST rtt: 502']);
  expect(agent.status().controlPlane.error).toBe('POST rtt: 502');
  node.controlPlane.postNodeRtts = postNodeRtts;
  node.host.nowMs += 60_000;
  await agent.report(signal);
  expect(targets()).toHaveLength(1);
  expect(agent.status().controlPlane.error).toBeUndefined();
});
