import { beforeEach, describe, expect, it } from 'vitest';
import { formatAddress } from '../../../../src/core/model/artifacts.js';
import { isLasting } from '../../../../src/core/model/observed.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { bootstrap, makeEntry, otherKey, v4 } from '../../make.js';

const { signal } = new AbortController();
const reason = 'the agent undid the change of the network: the control plane stopped answering';
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  node.config = { ...bootstrap, node: { ...bootstrap.node, loopbackIpv4: v4('172.22.188.1') } };
  node.controlPlane.checkHealth = async () => {
    if (node.controlPlane.down !== undefined || isCutOff()) throw unreachable();
  };
  agent = await node.startAgent();
  await round();
});

function unreachable(): Error {
  return new ControlPlaneError('GET health', {
    kind: 'unreachable',
    reason: 'no route to the control plane',
  });
}

/** The address that takes the way to the control plane, whatever is behind it; nobody knows it beforehand. */
const fatal = '172.20.7.7';

function isCutOff(): boolean {
  return addresses().some((text) => text.includes(fatal));
}

function addresses(filter: typeof isLasting = () => true): string[] {
  return [...node.host.linkTable.values()].flatMap((link) =>
    link.addresses.filter(filter).map(formatAddress),
  );
}

async function round(): Promise<void> {
  await agent.refresh(['sessions'], signal);
  await agent.pass();
}

async function later(seconds: number): Promise<void> {
  node.host.nowMs += seconds * 1000;
  await round();
}

const innocent = (number: number, part: Parameters<typeof makeEntry>[0] = {}): SessionEntry =>
  makeEntry({
    uuid: `abc-${number}`,
    asn: (4_242_420_000 + number) as never,
    interface: `wg_${number}`,
    listenPort: 20_000 + number,
    publicKey: otherKey,
    ipv4: v4(`172.20.1.${number}`),
    ...part,
  });
const guilty = innocent(7, { ipv4: v4(fatal), status: 'queued-for-setup' });
const crowd = [1, 2, 3, 4, 5, 6].map((number) => innocent(number, { status: 'queued-for-setup' }));

const gone: SessionEntry = {
  kind: 'ignored',
  uuid: 'abc-1' as never,
  status: 'queued-for-delete',
  interface: 'wg_1',
};

it('hundreds of new tunnels are made in portions, each of which is judged in time', async () => {
  const sizes: number[] = [];
  const { create } = node.host.wireguard;
  Object.assign(node.host.wireguard, {
    create: (names: Parameters<typeof create>[0]) => {
      sizes.push(names.length);
      // A slow machine: 600 in one trial would take longer than a trial may.
      node.host.nowMs += names.length * 300;
      return create(names);
    },
  });
  node.controlPlane.sessions = Array.from({ length: 600 }, (_, index) =>
    makeEntry({
      uuid: `abc-${1000 + index}`,
      asn: (4_242_421_000 + index) as never,
      interface: `wg_${1000 + index}`,
      listenPort: 21_000 + index,
      publicKey: otherKey,
      ipv4: v4(`172.20.${2 + (index >> 7)}.${index & 127}`),
      status: 'queued-for-setup',
    }),
  );
  await round();
  expect(sizes).toEqual([250, 250, 100]);
  expect(node.host.wireguardTable.size).toBe(600);
});

describe('a session whose address cuts the node off', () => {
  beforeEach(async () => {
    node.controlPlane.sessions = [makeEntry(), ...crowd, guilty];
    await round();
  });

  it('is undone completely, and the changes that came with it stay', () => {
    expect(isCutOff()).toBe(false);
    expect(node.host.linkTable.has('wg_7')).toBe(false);
    expect(node.host.wireguardTable.has('wg_7')).toBe(false);
    const lasting = addresses(isLasting);
    for (const number of [1, 2, 3, 4, 5, 6]) {
      expect(lasting).toContain(`172.22.188.1/32 peer 172.20.1.${number}`);
      expect(node.host.wireguardTable.get(`wg_${number}`)?.peers).toHaveLength(1);
    }
    expect(addresses((address) => !isLasting(address))).toEqual([]);
  });

  it('is reported with the reason, and the others are active', () => {
    const told = new Map(
      node.controlPlane.told.modify.map(({ uuid, status, error }) => [uuid, { status, error }]),
    );
    expect(told.get('abc-7' as never)).toEqual({ status: 'setup-failed', error: reason });
    expect(told.get('abc-1' as never)).toMatchObject({ status: 'active' });
    expect(agent.status().problems.join()).toContain(reason);
  });

  it('is not tried again for ten minutes, also by an agent that was started again', async () => {
    const { health } = count();
    await later(60);
    agent = await node.startAgent();
    await later(60);
    expect(health()).toBe(0);
    expect(agent.status().problems.join()).toContain(reason);
    await later(600);
    expect(health()).toBeGreaterThan(0);
    expect(isCutOff()).toBe(false);
  });

  it('is not tried again while the control plane is away, whatever the time', async () => {
    node.controlPlane.down = 'away';
    await later(601);
    await later(601);
    expect(isCutOff()).toBe(false);
    expect(agent.status().problems.join()).toContain(reason);
  });

  it('is tried at once with another address', async () => {
    node.controlPlane.sessions = [makeEntry(), ...crowd, innocent(7)];
    await later(60);
    expect(addresses(isLasting)).toContain('172.22.188.1/32 peer 172.20.1.7');
    expect(agent.status().problems.join()).not.toContain('the agent undid');
  });

  it('leaves nothing when it is queued for delete', async () => {
    node.controlPlane.sessions = [
      makeEntry(),
      ...crowd,
      { kind: 'ignored', uuid: 'abc-7' as never, status: 'queued-for-delete', interface: 'wg_7' },
    ];
    await later(60);
    expect(node.controlPlane.told.modify.at(-1)).toMatchObject({ uuid: 'abc-7', status: 'deleted' });
    expect(addresses().join()).not.toContain(fatal);
    expect(JSON.stringify([...node.state.documents])).not.toContain('undone');
  });
});

it('a control plane that refuses a call is asked about the change all the same', async () => {
  node.controlPlane.fetchBirdConfig = () =>
    Promise.reject(new ControlPlaneError('GET bird-config', { kind: 'unknown-node', reason: '404' }));
  await agent.refresh(['birdConfig'], signal);
  node.controlPlane.sessions = [makeEntry(), guilty];
  await round();
  expect(agent.status().controlPlane.error).toContain('404');
  expect(isCutOff()).toBe(false);
  expect(agent.status().problems.join()).toContain(reason);
});

it('a changed tunnel that cuts the node off gets back what it had', async () => {
  node.controlPlane.sessions = [makeEntry(), innocent(7, { mtu: 1400 })];
  await round();
  const { linkTable, wireguardTable } = node.host;
  const before = structuredClone([linkTable.get('wg_7'), wireguardTable.get('wg_7')?.listenPort]);
  node.controlPlane.sessions = [makeEntry(), innocent(7, { ipv4: v4(fatal), listenPort: 30_007, mtu: 1380 })];
  await round();
  expect([linkTable.get('wg_7'), wireguardTable.get('wg_7')?.listenPort]).toEqual(before);
  const stored = () => JSON.stringify([...node.state.documents]);
  expect(stored()).toContain(reason);
  // Where its row is as before, nothing of it is left to be tried again.
  node.controlPlane.sessions = [makeEntry(), innocent(7, { mtu: 1400 })];
  await later(60);
  expect(stored()).not.toContain(reason);
});

it('a failed undo stops neither the rest nor the pass, and is named', async () => {
  node.controlPlane.sessions = [makeEntry(), innocent(7, { mtu: 1400 })];
  await round();
  node.controlPlane.sessions = [makeEntry(), innocent(7, { ipv4: v4(fatal), mtu: 1380, listenPort: 30_007 })];
  const { syncConfig } = node.host.wireguard;
  node.host.wireguard.syncConfig = async (name, config, ...rest) => {
    if (config.includes('ListenPort = 20007')) throw new Error('wg: it is gone');
    return syncConfig(name, config, ...rest);
  };
  await round();
  expect(node.host.linkTable.get('wg_7')?.mtu).toBe(1400);
  expect(isCutOff()).toBe(false);
  expect(agent.status().problems.join()).toContain('the agent could not undo all of it: wg: it is gone');
  expect(agent.status().lastPass?.atSeconds).toBeGreaterThan(0);
});

it('two sessions that exchange their ports have their own ones again where the address of one cuts the node off', async () => {
  const ports = () => ['wg_1', 'wg_2'].map((name) => node.host.wireguardTable.get(name)?.listenPort);
  node.controlPlane.sessions = [innocent(1), innocent(2)];
  await round();
  expect(ports()).toEqual([20_001, 20_002]);
  const [one, two] = [
    innocent(1, { listenPort: 20_002, ipv4: v4(fatal) }),
    innocent(2, { listenPort: 20_001 }),
  ];
  node.controlPlane.sessions = [one, two];
  const portsAt: unknown[] = [];
  node.host.beforeEffect = () => portsAt.push(ports());
  await round();
  // The exchange is undone as a whole, before the half that is at fault is looked for.
  expect(portsAt.slice(1)).toContainEqual([20_001, 20_002]);
  expect(isCutOff()).toBe(false);
  expect(ports()).toEqual([20_001, 20_002]);
});

describe('a tunnel that has no mark, because the agent could not finish it', () => {
  beforeEach(async () => {
    const { links } = node.host;
    const { apply } = links;
    links.apply = () => Promise.reject(new Error('ip: no result within 60 s'));
    node.controlPlane.sessions = [makeEntry(), innocent(1)];
    await round();
    links.apply = apply;
    expect(node.host.linkTable.get('wg_1')?.alias).toBeUndefined();
    node.controlPlane.sessions = [makeEntry(), gone];
  });

  it('goes later, where the control plane fell silent as it was removed', async () => {
    node.controlPlane.checkHealth = () => Promise.reject(unreachable());
    await round();
    expect(node.host.linkTable.has('wg_1')).toBe(true);
    agent = await node.startAgent();
    node.controlPlane.checkHealth = async () => undefined;
    await later(601);
    expect(node.host.linkTable.has('wg_1')).toBe(false);
  });

  it('goes later, where it could not be removed', async () => {
    const { links } = node.host;
    const { apply } = links;
    links.apply = async (changes) => new Map(changes.map((each) => [each.interface, 'busy']));
    await round();
    expect(node.host.linkTable.has('wg_1')).toBe(true);
    links.apply = apply;
    await later(601);
    expect(node.host.linkTable.has('wg_1')).toBe(false);
  });
});

it('a marked tunnel is the agent’s also where the agent dies as it makes it again', async () => {
  node.controlPlane.sessions = [makeEntry(), innocent(1)];
  await round();
  node.controlPlane.sessions = [makeEntry(), gone];
  node.controlPlane.checkHealth = () => Promise.reject(unreachable());
  const { links } = node.host;
  const { apply } = links;
  links.apply = async (changes, ...rest) => {
    if (changes.some(({ alias }) => alias !== undefined)) throw new Error('killed');
    return apply(changes, ...rest);
  };
  await round();
  expect(node.host.linkTable.get('wg_1')?.alias).toBeUndefined();
  links.apply = apply;
  node.controlPlane.checkHealth = async () => undefined;
  agent = await node.startAgent();
  await later(601);
  expect(node.host.linkTable.has('wg_1')).toBe(false);
});

describe('a loopback address that cuts the node off', () => {
  let before: readonly string[];
  let files: ReadonlyMap<string, string>;

  beforeEach(async () => {
    before = addresses().sort();
    files = new Map(node.host.files);
    node.config = { ...node.config, node: { ...node.config.node, loopbackIpv4: v4(fatal) } };
    agent = await node.startAgent();
    await round();
  });

  it('goes again, and BIRD is not told of it', async () => {
    expect(addresses().sort()).toEqual(before);
    expect(node.host.files).toEqual(files);
    expect(agent.status().problems.join()).toContain(reason);
    await later(60);
    expect(node.host.files).toEqual(files);
    expect(agent.status().problems.join()).toContain(reason);
  });

  it('gives way to another at once', async () => {
    node.config = { ...node.config, node: { ...node.config.node, loopbackIpv4: v4('172.22.188.9') } };
    agent = await node.startAgent();
    await round();
    await later(60);
    expect(addresses(isLasting)).toContain('172.22.188.9/32');
    expect(agent.status().problems.join()).not.toContain('the agent undid');
    expect([...node.host.files.values()].join()).toContain('172.22.188.9');
  });
});

it('an agent that is killed before it has seen that leaves the rest to the kernel', async () => {
  node.controlPlane.checkHealth = () => Promise.reject(new Error('killed'));
  node.controlPlane.sessions = [makeEntry(), guilty];
  await agent.refresh(['sessions'], signal);
  node.host.kernelRoutes.snapshot = () => Promise.reject(new Error('killed'));
  await agent.pass();
  expect(isCutOff()).toBe(true);
  node.host.expire();
  expect(isCutOff()).toBe(false);
});

it('a change still on trial is confirmed by the next agent, if the control plane answers', async () => {
  node.controlPlane.sessions = [makeEntry(), innocent(1)];
  await agent.refresh(['sessions'], signal);
  const { snapshot } = node.host.kernelRoutes;
  node.host.kernelRoutes.snapshot = () => Promise.reject(new Error('killed'));
  await agent.pass();
  expect(addresses(isLasting)).not.toContain('172.22.188.1/32 peer 172.20.1.1');
  node.host.kernelRoutes.snapshot = snapshot;
  agent = await node.startAgent();
  await round();
  expect(addresses(isLasting)).toContain('172.22.188.1/32 peer 172.20.1.1');
});

it('an answer that comes after the trial may be over says nothing', async () => {
  node.controlPlane.checkHealth = async () => {
    node.host.nowMs += 100_000;
  };
  node.controlPlane.sessions = [makeEntry(), innocent(1)];
  await round();
  expect(addresses()).not.toContain('172.22.188.1/32 peer 172.20.1.1');
});

it('where the control plane was away before, changes are made and stay', async () => {
  node.controlPlane.down = 'away';
  await agent.heartbeat(signal);
  node.controlPlane.down = undefined;
  node.controlPlane.sessions = [makeEntry(), innocent(1)];
  await agent.refresh(['sessions'], signal);
  node.controlPlane.down = 'away';
  await agent.heartbeat(signal);
  await agent.pass();
  expect(addresses(isLasting)).toContain('172.22.188.1/32 peer 172.20.1.1');
});

/** How often the control plane is asked whether it is there. */
function count(): { health: () => number } {
  const { checkHealth } = node.controlPlane;
  let health = 0;
  node.controlPlane.checkHealth = async (...args) => {
    health += 1;
    return checkHealth(...args);
  };
  return { health: () => health };
}
