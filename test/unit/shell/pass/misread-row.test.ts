import { expect, it } from 'vitest';
import { asn } from '../../../../src/core/model/values/asn.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, v6 } from '../../make.js';

const { signal } = new AbortController();

/** A session whose tunnel has a handshake, and whose neighbor answers no pings. */
async function silent(
  part: Parameters<typeof makeEntry>[0],
  before: (node: FakeNode) => void = () => undefined,
) {
  const node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry(part)];
  node.rttMs = undefined;
  const agent = await node.startAgent();
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  const protocol = node.host.protocols.get('dn42_4242421080');
  if (!protocol) throw new Error('BIRD has no such session');
  protocol.bgp = {
    state: 'Connect',
    neighborAddress: undefined,
    neighborAs: undefined,
    lastError: undefined,
  };
  const device = node.host.wireguardTable.get('wg_24001');
  const latestHandshakeSeconds = Math.floor(node.host.nowMs / 1000) - 20;
  if (device) device.peers = device.peers.map((peer) => ({ ...peer, latestHandshakeSeconds }));
  before(node);
  await agent.pass();
  await agent.report(signal);
  return { node, agent };
}

it('a neighbor that is silent where the row has it is named in the status with both addresses', async () => {
  const { agent } = await silent({ ipv6LinkLocal: v6('fe80::1004'), ownIpv6: v6('fe80::998') });
  expect(agent.status().problems).toEqual([
    "session abc-123 (AS4242421080): BGP is Connect; the tunnel has a handshake; the neighbor answers no pings at fe80::1004, and fe80::998 is this node's own address according to the session's row: if it is the neighbor's, correct the session's addresses",
  ]);
});

it('how a row is read is remembered over a restart, until the row is edited', async () => {
  const turned = { ipv6LinkLocal: v6('fe80::998'), ownIpv6: v6('fe80::1004') };
  const node = makeFakeNode();
  node.controlPlane.sessions = [makeEntry(turned)];
  node.host.protocols.set('dn42_4242421080', {
    name: 'dn42_4242421080',
    proto: 'BGP',
    state: 'up',
    since: '',
    info: '',
    disabled: false,
    bgp: {
      state: 'Established',
      neighborAddress: 'fe80::1004%wg_24001',
      neighborAs: asn.parse(4242421080),
      lastError: undefined,
    },
    channels: [],
  });
  const file = () => node.host.files.get('peers/dn42_4242421080.conf');
  const passes = async () => {
    const agent = await node.startAgent();
    await agent.refresh(['sessions'], signal);
    await agent.pass();
  };
  await passes();
  expect(file()).toContain('neighbor fe80::1004 as');
  node.host.protocols.clear();
  await passes();
  expect(file()).toContain('neighbor fe80::1004 as');
  node.controlPlane.sessions = [makeEntry({ ...turned, ipv6LinkLocal: v6('fe80::999') })];
  await passes();
  expect(file()).toContain('neighbor fe80::999 as');
});
