import { beforeEach, describe, expect, it } from 'vitest';
import { parseMesh } from '../../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { makeEntry, otherKey } from '../../../make.js';
import { makePassedNode, type PassedNode } from '../passed-node.js';

const mesh = parseMesh({
  peers: [{ nodeId: 2, nodeName: 'node2', publicKey: otherKey, loopbackIpv4: '172.22.188.2' }],
});
const policyFile = 'moenet-agent/policy.conf';
const peerFile = 'peers/dn42_4242421080.conf';

let node: PassedNode;
let babelNeighbors: number | undefined;

beforeEach(async () => {
  node = await makePassedNode();
  babelNeighbors = 1;
  const { bird } = node.host;
  const observe = bird.observe.bind(bird);
  bird.observe = async (signal) => {
    const seen = await observe(signal);
    return seen.running ? { ...seen, babelNeighbors } : seen;
  };
});

describe('a node whose Babel loses all others', () => {
  const isDrained = () =>
    node.host.files
      .get(policyFile)
      ?.includes('bgp_large_community.add((MOENET_AS, MOENET_LC_DRAINED, 0));\n    moenet_send();');
  const passAfter = (seconds: number) => {
    node.host.nowMs += seconds * 1000;
    return node.pass([makeEntry()], { mesh });
  };

  it('drains our own blocks at the pass that finds it so after 30 s, says so, and ends it in the same way', async () => {
    await passAfter(0);
    babelNeighbors = 0;
    await passAfter(60);
    expect(isDrained()).toBe(false);
    const alone = await passAfter(60);
    expect(isDrained()).toBe(true);
    expect(alone.desired.notes.join()).toContain('Babel reaches no other node of ours');
    babelNeighbors = 1;
    await passAfter(60);
    expect(isDrained()).toBe(true);
    const back = await passAfter(60);
    expect(isDrained()).toBe(false);
    expect(back.desired.notes.join()).not.toContain('Babel reaches');
  });

  it('changes nothing where the mesh flaps', async () => {
    await passAfter(0);
    const loads = node.host.birdReloads;
    for (const count of [0, 1, 0, 1, 0]) {
      babelNeighbors = count;
      await passAfter(60);
    }
    expect(node.host.birdReloads).toBe(loads);
  });
});

describe('a neighbor that refuses our BGP role', () => {
  const sessions = [makeEntry({ policy: 'peer' })];
  const setBgp = (state: string, lastError?: string) => {
    const protocol = node.host.protocols.get('dn42_4242421080');
    if (protocol) protocol.bgp = { state, neighborAddress: undefined, neighborAs: undefined, lastError };
  };
  const hasRole = () => node.host.files.get(peerFile)?.includes('local role peer;');

  it('gets a session without one, also when BIRD shows another error later', async () => {
    await node.pass(sessions);
    expect(hasRole()).toBe(true);
    setBgp('Idle', 'BGP Error: Role mismatch');
    const result = await node.pass(sessions);
    expect(hasRole()).toBe(false);
    expect(result.desired.notes.join()).toContain('AS4242421080 on wg_24001');
    setBgp('Connect', 'Socket: Connection closed');
    await node.pass(sessions);
    expect(hasRole()).toBe(false);
  });
});
