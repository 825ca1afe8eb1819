import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { switchOff } from '../../../../src/lab/simulated/machine/fake-bird.js';
import { makeMachine } from '../../../../src/lab/simulated/node/simulated-machine.js';
import type { SimulatedNode } from '../../../../src/lab/simulated/node/simulated-node.js';
import { simulatedScenario } from '../../../../src/lab/simulated/simulated-lab.js';
import { lookAtWorld } from '../../../../src/lab/simulated/world/look-at-world.js';
import { makePeer, type SimulatedPeer } from '../../../../src/lab/simulated/world/simulated-peer.js';
import { makePinger } from '../../../../src/lab/simulated/world/simulated-pinger.js';
import { openWorld, type World } from '../../../../src/lab/simulated/world/world.js';

const scenario = simulatedScenario(1, 1);
const [spec] = scenario.nodes;
const [peerSpec] = scenario.peers;
if (!spec || !peerSpec) throw new Error('the scenario has a node and a peer');
const { session, linkLocal, asn } = peerSpec;
const key = 'a-public-key';

let node: Pick<SimulatedNode, 'spec' | 'machine'> & SimulatedNode;
let peer: SimulatedPeer;
let world: World;

/** One node and its one peer, whose both ends fit: a tunnel that dials right, and a protocol for the neighbor behind it. */
beforeEach(async () => {
  const machine = makeMachine(spec, scenario);
  node = { spec, machine } as SimulatedNode;
  peer = makePeer(peerSpec, { privateKey: '', publicKey: key, presharedKey: undefined });
  peer.nodeKey = machine.publicKey;
  world = openWorld(scenario, { nodes: [node], peers: [peer] });
  world.add(node);
  await machine.wireguard.create([session.interface as never]);
  const endpoint = `${peerSpec.address}:${peerSpec.listenPort}`;
  const config = `ListenPort = ${session.port}\nPublicKey = ${key}\nEndpoint = ${endpoint}\n`;
  await machine.wireguard.syncConfig(session.interface as never, config);
  Object.assign(machine.linkTable.get(session.interface) ?? {}, {
    up: true,
    addresses: [{ local: 'fe80::1', prefixLength: 64, peer: undefined }],
  });
  const protocol = `protocol bgp neighbor1 from x {\n    neighbor ${linkLocal} as ${asn};\n    interface "${session.interface}";\n    ipv4 {\n    };\n}\n`;
  await machine.bird.commit([{ path: 'peers/1.conf', content: protocol } as never], []);
});

/** Lets time pass until the condition is so; fails where it never is. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 300) throw new Error('it was never so');
    world.tick();
    await sleep(10);
  }
}

/** Lets as much time pass as everything takes that can come up. */
async function aWhile(): Promise<void> {
  for (let ticks = 0; ticks < 50; ticks += 1) {
    world.tick();
    await sleep(10);
  }
}

const bgp = () => node.machine.protocols.get('neighbor1');
const isUp = () => bgp()?.bgp?.state === 'Established';
const handshake = () =>
  node.machine.wireguardTable.get(session.interface)?.peers[0]?.latestHandshakeSeconds ?? 0;

describe('a tunnel and a session that both ends agree on', () => {
  it('come up one after the other, and not at once', async () => {
    expect(bgp()).toMatchObject({ state: 'start', bgp: { state: 'Connect', neighborAs: asn } });
    world.tick();
    expect([handshake(), isUp()]).toEqual([0, false]);
    await until(() => handshake() > 0);
    expect(isUp()).toBe(false);
    await until(isUp);
    expect(bgp()?.channels).toMatchObject([{ name: 'ipv4', state: 'UP', routes: { imported: 2 } }]);
  });

  it('look as programs would show them', async () => {
    await until(isUp);
    const view = lookAtWorld({ nodes: [node], peers: [peer] }, world);
    expect(view.nodes.get(spec.name)?.bgp).toMatchObject([
      { name: 'neighbor1', neighborAsn: asn, neighborAddress: linkLocal, state: 'Established', imported: 2 },
    ]);
    expect(view.nodes.get(spec.name)?.tunnels.get(session.interface)?.endpoint).toBe(
      `${peerSpec.address}:${peerSpec.listenPort}`,
    );
    expect(view.peers.get(asn)).toMatchObject([{ state: 'Established', exported: 2 }]);
  });

  it('answer pings; an address behind no tunnel does not', async () => {
    const pinger = makePinger(() => node, { nodes: [node], peers: [peer] }, world);
    const target = `${linkLocal}%${session.interface}`;
    expect((await pinger.ping([target])).get(target)).toEqual({ rttMs: undefined, loss: 1 });
    await until(isUp);
    const answers = await pinger.ping([target, '192.0.2.1']);
    expect(answers.get(target)).toEqual({ rttMs: expect.any(Number), loss: 0 });
    expect(answers.get('192.0.2.1')).toEqual({ rttMs: undefined, loss: 1 });
  });
});

describe('no handshake', () => {
  it.each<[string, () => void]>([
    [
      'where the node dials another place',
      () => Object.assign(peer, { place: { address: '192.0.2.1', listenPort: 9 } }),
    ],
    ['where the peer has another preshared key', () => Object.assign(peer.secrets, { presharedKey: 'a' })],
    ['where the peer knows another key of the node', () => Object.assign(peer, { nodeKey: 'b' })],
    ['where the peer is switched off', () => Object.assign(peer, { isAway: true })],
    [
      'over a link that is down',
      () => Object.assign(node.machine.linkTable.get(session.interface) ?? {}, { up: false }),
    ],
    [
      'with a node that has a preshared key alone',
      () => {
        const [shown] = node.machine.wireguardTable.get(session.interface)?.peers ?? [];
        Object.assign(shown ?? {}, { presharedKey: new Secret('c') });
      },
    ],
  ])('%s', async (_, spoil) => {
    spoil();
    await aWhile();
    expect([handshake(), isUp()]).toEqual([0, false]);
  });
});

describe('no session', () => {
  it('with a link that has no address of the family', async () => {
    Object.assign(node.machine.linkTable.get(session.interface) ?? {}, { addresses: [] });
    await aWhile();
    expect([handshake() > 0, isUp()]).toEqual([true, false]);
  });

  it('for a protocol that an operator has disabled', async () => {
    switchOff(node.machine, 'neighbor1');
    await aWhile();
    expect(bgp()).toMatchObject({ state: 'down', disabled: true });
  });
});

describe('a session that was up', () => {
  beforeEach(() => until(isUp));

  it('goes down at once with its link, and another one is no longer the same', async () => {
    const before = world.serial(spec, 'neighbor1');
    const { machine } = node;
    const [link, tunnel] = [
      machine.linkTable.get(session.interface),
      machine.wireguardTable.get(session.interface),
    ];
    machine.linkTable.delete(session.interface);
    machine.wireguardTable.delete(session.interface);
    world.tick();
    expect(isUp()).toBe(false);
    if (link && tunnel) {
      machine.linkTable.set(session.interface, { ...link });
      machine.wireguardTable.set(session.interface, { ...tunnel });
    }
    await until(isUp);
    expect(world.serial(spec, 'neighbor1')).toBeGreaterThan(before ?? 0);
  });

  it('outlives a moment without an answer, and not a long one', async () => {
    const before = world.serial(spec, 'neighbor1');
    peer.isAway = true;
    world.tick();
    expect(isUp()).toBe(true);
    peer.isAway = false;
    await aWhile();
    expect(world.serial(spec, 'neighbor1')).toBe(before);
    peer.isAway = true;
    await until(() => !isUp());
    expect(bgp()?.bgp).toMatchObject({ state: 'Connect', lastError: 'Hold timer expired' });
  });
});
