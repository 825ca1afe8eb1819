import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry, v4, v6 } from '../../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

const byIpv4 = makeEntry({
  status: 'queued-for-setup',
  uuid: 'four',
  interface: 'wg_24004',
  listenPort: 24_004,
  ipv6LinkLocal: undefined,
  ipv4: v4('172.20.1.1'),
});
const byIpv6 = makeEntry({
  status: 'queued-for-setup',
  uuid: 'six',
  interface: 'wg_24006',
  listenPort: 24_006,
  ipv6LinkLocal: v6('fe80::6'),
});

beforeEach(async () => {
  node = makeFakeNode();
  node.controlPlane.sessions = [byIpv4, byIpv6];
  agent = await node.startAgent();
});

async function round(): Promise<readonly string[]> {
  await agent.refresh(['sessions', 'mesh', 'birdConfig'], signal);
  return (await agent.pass()).changes;
}

const told = () =>
  Object.fromEntries(node.controlPlane.told.modify.map(({ uuid, status }) => [uuid, status]));
const rowOf = (uuid: string) => agent.status().sessions.find((row) => row.uuid === uuid);

describe('IPv6 that is switched off', () => {
  beforeEach(() => node.host.ipv6Off.push('default'));

  it('fails only the sessions that need it, each with the reason and the remedy', async () => {
    await round();
    await round();
    expect(told()).toEqual({ four: 'active', six: 'setup-failed' });
    expect(rowOf('four')?.error).toBeUndefined();
    expect(rowOf('six')?.error).toContain('IPv6 is switched off on this machine');
    expect(node.host.linkTable.get('wg_24004')?.addresses.map(({ local }) => local)).toEqual([
      '172.22.188.1',
    ]);
    expect(node.host.wireguardTable.get('wg_24006')?.peers).toHaveLength(1);
  });

  it('is named for the loopback, whose IPv4 address is set', async () => {
    await round();
    expect(agent.status().problems.join()).toMatch(/IPv6 is switched off.*dummy0 cannot have/);
    const addresses = node.host.linkTable.get('dummy0')?.addresses.map(({ local }) => local);
    expect(addresses).toEqual(['172.22.188.1']);
  });

  it('is not tried against pass for pass', async () => {
    await round();
    expect(await round()).toEqual([]);
  });

  it('is used as soon as it is on', async () => {
    await round();
    node.host.ipv6Off.length = 0;
    await round();
    await round();
    expect(told()).toEqual({ four: 'active', six: 'active' });
    expect(agent.status().problems.join()).not.toContain('IPv6');
  });

  it('removes no present address', async () => {
    node.host.ipv6Off.length = 0;
    await round();
    const before = node.host.linkTable.get('wg_24006')?.addresses;
    node.host.ipv6Off.push('default');
    await round();
    expect(node.host.linkTable.get('wg_24006')?.addresses).toEqual(before);
  });
});

describe('a BIRD directory that cannot be read', () => {
  it('leaves its files as they are, with the reason, and tunnels are made all the same', async () => {
    await round();
    const files = new Map(node.host.files);
    const { readFiles } = node.host.bird;
    node.host.bird.readFiles = () => Promise.reject(new Error('EIO: i/o error, scandir /etc/bird/peers'));
    const third = makeEntry({ uuid: 'third', interface: 'wg_24007', listenPort: 24_007 });
    node.controlPlane.sessions = [byIpv4, byIpv6, third];
    await round();
    expect(node.host.linkTable.has('wg_24007')).toBe(true);
    expect(node.host.files).toEqual(files);
    expect(agent.status().problems.join()).toContain(
      "the agent leaves BIRD's files unchanged, because it cannot read them: EIO",
    );
    node.host.bird.readFiles = readFiles;
    await round();
    expect(agent.status().problems.join()).not.toContain('EIO');
  });
});
