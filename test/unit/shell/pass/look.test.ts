import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  agent = await node.startAgent();
  node.controlPlane.sessions = [makeEntry()];
  await agent.refresh(['sessions'], signal);
  await agent.pass();
  await agent.pass();
  await agent.look(signal);
});

const passes = () => node.host.counts.get('links.observe') ?? 0;

/** As the daemon does every few seconds. */
async function look(): Promise<void> {
  await agent.look(signal);
  await agent.repairIfDue();
}

describe('between two passes', () => {
  it('the status tells of a BIRD that stopped', async () => {
    expect(agent.status().bird.running).toBe(true);
    node.host.birdRunning = false;
    await agent.look(signal);
    const { bird, health, problems } = agent.status();
    expect(bird).toMatchObject({ running: false, reason: 'BIRD does not answer on /run/bird/bird.ctl' });
    expect(health).toBe('degraded');
    expect(problems.join()).toContain('BIRD does not answer');
  });

  it('is announced what a look has seen, and nothing else', async () => {
    const seen: boolean[] = [];
    node.onLook = () => seen.push(agent.status().bird.running);
    await agent.look(signal);
    expect(seen).toEqual([]);
    node.host.birdRunning = false;
    await agent.look(signal);
    await agent.look(signal);
    expect(seen).toEqual([false]);
  });

  it('the settings of many interfaces are read in turn, and of all where one for all changes', async () => {
    const { linkTable, sysctlTable, sysctls } = node.host;
    const link = { kind: 'tun', alias: undefined, mtu: 1420, up: true, addresses: [] };
    for (let index = 0; index < 80; index++) linkTable.set(`eth${index}`, { ...link, name: `eth${index}` });
    const { observe } = sysctls;
    const asked: (readonly string[])[] = [];
    Object.assign(sysctls, {
      observe: (names: readonly string[]) => {
        asked.push(names);
        return observe(names);
      },
    });
    await agent.pass();
    asked.length = 0;
    for (let looks = 0; looks < 3; looks++) await agent.look(signal);
    expect(asked.map((names) => names.length).every((count) => count <= 32)).toBe(true);
    expect(new Set(asked.flat())).toEqual(new Set(linkTable.keys()));

    asked.length = 0;
    Object.assign(sysctlTable, { rpFilter: new Map([['all', 2]]) });
    await agent.look(signal);
    expect(asked.at(-1)).toEqual([...linkTable.keys()]);
  });

  it('a BIRD that is silent for less than a second is not told of', async () => {
    node.host.birdRunning = false;
    const { sleep } = node.host.clock;
    node.host.clock.sleep = async (ms) => {
      node.host.birdRunning = true;
      await sleep(ms);
    };
    await agent.look(signal);
    expect(agent.status().bird.running).toBe(true);
  });

  it('the status tells of a session that went down, without a pass', async () => {
    const name = [...node.host.protocols.keys()].find((each) => each.startsWith('dn42_'));
    const protocol = node.host.protocols.get(name ?? '');
    if (!protocol) throw new Error('BIRD has no session');
    const before = passes();
    Object.assign(protocol, { state: 'start', info: 'Active', bgp: { ...protocol.bgp, state: 'Active' } });
    await look();
    expect(agent.status().sessions[0]?.bgp?.state).toBe('Active');
    expect(passes()).toBe(before);
  });

  it('the status tells of the handshake of a session that came up, without a pass', async () => {
    const [protocol] = [...node.host.protocols.values()].filter(({ name }) => name.startsWith('dn42_'));
    const [device] = [...node.host.wireguardTable.values()];
    if (!protocol || !device) throw new Error('there is no session');
    Object.assign(protocol, { state: 'start', info: 'Active' });
    await look();
    expect(agent.status().sessions[0]?.tunnel?.handshakeSecondsAgo).toBeUndefined();
    const before = passes();
    Object.assign(protocol, { state: 'up', info: 'Established' });
    Object.assign(device.peers[0] ?? {}, { latestHandshakeSeconds: Math.floor(node.host.nowMs / 1000) });
    await look();
    expect(agent.status().sessions[0]?.tunnel?.handshakeSecondsAgo).toBe(0);
    expect(passes()).toBe(before);
  });

  it('the status tells of forwarding that was switched off, and on again, without a pass', async () => {
    const { protocols, sysctlTable } = node.host;
    const name = [...protocols.keys()].find((each) => each.startsWith('dn42_'));
    const routes = { imported: 1, filtered: 0, exported: 1, preferred: 1 };
    Object.assign(protocols.get(name ?? '') ?? {}, { channels: [{ name: 'ipv4', state: 'UP', routes }] });
    await agent.pass();
    const before = passes();
    const isTold = () => agent.status().problems.some((each) => each.startsWith('IPv4 forwarding is off'));
    expect(isTold()).toBe(false);
    node.host.sysctlTable = { ...sysctlTable, forwarding: { ipv4: false, ipv6: true } };
    await look();
    expect(isTold()).toBe(true);
    node.host.sysctlTable = sysctlTable;
    await look();
    expect(isTold()).toBe(false);
    expect(passes()).toBe(before);
  });

  it('the status tells of what a protocol says of itself while its state stays, without a pass', async () => {
    const kernel = node.host.protocols.get('moenet_kernel_v4');
    if (!kernel) throw new Error('BIRD has no kernel protocol');
    const before = passes();
    const told = () => agent.status().system?.protocols.find(({ name }) => name === kernel.name)?.state;
    Object.assign(kernel, { info: 'Transport-Error' });
    await look();
    expect(told()).toBe('Transport-Error');
    expect(passes()).toBe(before);
  });

  it('a look at what has not changed asks neither for details nor for a pass', async () => {
    const before = new Map(node.host.counts);
    await look();
    await look();
    expect(node.host.counts).toEqual(before);
  });
});

describe('what the last pass saw and is gone', () => {
  it('is a tunnel: a pass makes it again at once', async () => {
    node.host.linkTable.delete('wg_24001');
    node.host.wireguardTable.delete('wg_24001');
    await look();
    expect(node.host.linkTable.has('wg_24001')).toBe(true);
  });

  it('is an address of a tunnel: a pass sets it again at once', async () => {
    const link = node.host.linkTable.get('wg_24001');
    const addresses = [...(link?.addresses ?? [])];
    expect(addresses).not.toEqual([]);
    Object.assign(link ?? {}, { addresses: [] });
    await look();
    expect(node.host.linkTable.get('wg_24001')?.addresses).toEqual(addresses);
  });

  it('is the MTU of a tunnel: a pass sets it again at once', async () => {
    const link = node.host.linkTable.get('wg_24001');
    const mtu = link?.mtu;
    Object.assign(link ?? {}, { mtu: 1280 });
    await look();
    expect(node.host.linkTable.get('wg_24001')?.mtu).toBe(mtu);
  });

  it('is nothing that others have: no pass is made for it', async () => {
    const before = passes();
    node.host.linkTable.delete('eth0');
    await look();
    expect(passes()).toBe(before);
  });

  it('leads to one pass, also where that cannot bring it back', async () => {
    node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
    node.host.linkTable.delete('wg_24001');
    node.host.wireguardTable.delete('wg_24001');
    const before = passes();
    await look();
    const after = passes();
    expect(after).toBeGreaterThan(before);
    await look();
    await look();
    expect(passes()).toBe(after);
  });

  it('leads to three passes a minute where it comes and goes', async () => {
    let made = 0;
    for (let round = 0; round < 10; round++) {
      await look();
      node.host.linkTable.delete('wg_24001');
      node.host.wireguardTable.delete('wg_24001');
      const before = passes();
      await look();
      if (passes() > before) made += 1;
      node.host.nowMs += 3_000;
    }
    expect(made).toBe(3);
    node.host.nowMs += 60_000;
    await look();
    expect(node.host.linkTable.has('wg_24001')).toBe(true);
  });
});

it('a BIRD that answers again gets a pass at once', async () => {
  node.host.birdRunning = false;
  await agent.pass();
  await look();
  node.host.birdRunning = true;
  const before = passes();
  await look();
  expect(passes()).toBeGreaterThan(before);
  expect(agent.status().bird.running).toBe(true);
});
