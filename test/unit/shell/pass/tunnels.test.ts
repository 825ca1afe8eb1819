import { beforeEach, describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseMesh } from '../../../../src/adapters/control-plane/parse/parse-mesh.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import { parseEndpoint } from '../../../../src/core/model/values/endpoint.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { isTunnelChange } from '../../../../src/core/plan/order.js';
import { makeEntry, otherKey, peerKey, v4, v6 } from '../../make.js';
import { ignored, makePassedNode, type Pass, type PassedNode, summary } from './passed-node.js';

let host: PassedNode['host'];
let memory: PassedNode['memory'];
let pass: Pass;

beforeEach(async () => {
  ({ host, memory, pass } = await makePassedNode());
});

describe('an address on a tunnel that leads away what the node needs', () => {
  const lists = {
    birdConfig: parseBirdConfig({ node: { id: 1 }, policy: { dn42As: 4242420998 }, ibgpPeers: [] }),
    mesh: parseMesh({ peers: [] }),
  };
  const neighbor = makeEntry({ ipv4: v4('172.20.5.9') });
  const onTunnel = () => host.linkTable.get('wg_24001')?.addresses.map(({ peer }) => peer);

  /** The machine gets an interface with this address, as by an operator or a program. */
  function connect(name: string, local: string, prefixLength: number): void {
    const addresses = [{ local, prefixLength, peer: undefined }];
    host.linkTable.set(name, { name, alias: undefined, kind: 'bridge', mtu: 1500, up: true, addresses });
  }

  it('is removed with its tunnel before any other change, and the session is posted as an error with the reason', async () => {
    await pass([neighbor]);
    expect(onTunnel()).toEqual([undefined, '172.20.5.9']);
    connect('eth1', '172.20.5.8', 30);
    const result = await pass([neighbor], { birdConfig: undefined });
    expect(result.plan.changes[0]).toMatchObject({
      kind: 'remove-tunnel',
      why: "it has the address 172.22.188.1/32 peer 172.20.5.9: 172.20.5.9 is in the network of eth1 (172.20.5.8/30), not the neighbor's",
    });
    expect(summary(result)).toEqual([
      "abc-123 error: 172.20.5.9 is in the network of eth1 (172.20.5.8/30), not the neighbor's",
    ]);
    expect(host.linkTable.has('wg_24001')).toBe(false);
    expect([...host.files.keys()].filter((path) => path.startsWith('peers/'))).toEqual([]);
    expect((await pass([neighbor])).plan.changes).toEqual([]);
  });

  it.each<[string, readonly SessionEntry[] | undefined]>([
    [
      'cannot be read in the list',
      [
        {
          kind: 'refused',
          uuid: sessionId.parse('abc-123'),
          status: 'active',
          asn: undefined,
          interface: undefined,
          reason: 'x',
        },
      ],
    ],
    ['is left out of a list that is doubted', []],
    ['is on no list, for none was received', undefined],
    ['is refused for something else', [makeEntry({ listenPort: 53, ipv4: v4('172.20.5.9') })]],
  ])('goes also where the session %s', async (_, entries) => {
    await pass([neighbor]);
    connect('eth1', '172.20.5.8', 30);
    await pass(entries);
    expect(host.linkTable.has('wg_24001')).toBe(false);
  });

  it('goes while the session lives on, where its neighbor has another address by now', async () => {
    await pass([neighbor]);
    connect('eth1', '172.20.5.8', 30);
    await pass([makeEntry({ ipv4: v4('172.20.6.9') })]);
    expect(onTunnel()).toEqual([undefined, '172.20.6.9']);
  });

  it('goes where it is our own end of a link', async () => {
    await pass([makeEntry({ ipv4: v4('172.20.5.8'), localIpv4: v4('172.20.5.9') })]);
    connect('eth1', '172.20.5.9', 32);
    await pass(undefined);
    expect(host.linkTable.has('wg_24001')).toBe(false);
  });

  it('is the address that a session had before: a refused edit leaves it as it is', async () => {
    await pass([neighbor]);
    const result = await pass([makeEntry({ ipv4: v4('8.8.8.8') })]);
    expect(summary(result)).toEqual([
      "abc-123 error: 8.8.8.8 is not in DN42's ranges; allow it with policy.neighborRanges",
    ]);
    expect(onTunnel()).toEqual([undefined, '172.20.5.9']);
  });

  it('stays where the session had it before the machine did, over restarts, and is named as a problem', async () => {
    await pass([neighbor], lists);
    connect('br-4f1c', '172.20.0.1', 16);
    for (let round = 0; round < 2; round += 1) {
      const result = await pass([neighbor], lists);
      expect(result.plan.changes.filter(isTunnelChange)).toEqual([]);
      expect(onTunnel()).toEqual([undefined, '172.20.5.9']);
      expect(result.desired.problems).toEqual([
        "session abc-123 (AS4242421080): its neighbor's address 172.20.5.9 is now in the network of br-4f1c (172.20.0.0/16) as well; the session keeps it, because it had it first",
      ]);
    }
    host.linkTable.delete('br-4f1c');
    expect((await pass([neighbor], lists)).desired.problems).toEqual([]);
  });

  it('leaves nothing behind when the session is queued for delete', async () => {
    const pair = makeEntry({ ipv4: v4('172.20.5.8'), localIpv4: v4('172.20.5.9'), ipv6: v6('fd42::1') });
    await pass([pair], lists);
    const result = await pass([ignored('queued-for-delete')], lists);
    expect(summary(result)).toEqual(['abc-123 deleted']);
    expect([...host.linkTable.keys()].filter((name) => name.startsWith('wg_'))).toEqual([]);
    expect([...host.wireguardTable.keys()]).toEqual([]);
    expect([...host.files.keys()].filter((path) => path.startsWith('peers/'))).toEqual([]);
    expect(memory.current.neighbors).toEqual({});
  });
});

describe('a port that a program of the machine listens on', () => {
  it('is left alone: the session’s update says why, and the session is set up once the program is gone', async () => {
    host.udpListeners.set(24001, 'dnsmasq (pid 412)');
    expect(summary(await pass([makeEntry()]))).toEqual([
      'abc-123 error: port: 24001 is already used by dnsmasq (pid 412)',
    ]);
    expect(host.linkTable.has('wg_24001')).toBe(false);
    host.udpListeners.clear();
    await pass([makeEntry()]);
    expect(host.wireguardTable.get('wg_24001')?.listenPort).toBe(24001);
  });
});

describe.each([
  ['wireguard-go', false],
  ['the kernel', true],
])('the tunnels of %s', (_, hasKernelWireGuard) => {
  const ports = () =>
    Object.fromEntries([...host.wireguardTable].map(([name, { listenPort }]) => [name, listenPort]));
  const entry = (number: number, listenPort: number, uuid = `abc-12${number}`) =>
    makeEntry({
      uuid,
      interface: `wg_2400${number}`,
      listenPort,
      publicKey: number === 1 ? peerKey : otherKey,
      asn: asn.parse(4242421080 + number),
    });
  beforeEach(() => {
    host.hasKernelWireGuard = hasKernelWireGuard;
  });

  it('exchange their ports in one pass', async () => {
    await pass([entry(1, 24001), entry(2, 24002)]);
    const result = await pass([entry(1, 24002), entry(2, 24001)]);
    expect(ports()).toEqual({ wg_24001: 24002, wg_24002: 24001 });
    expect([...result.failures]).toEqual([]);
    expect((await pass([entry(1, 24002), entry(2, 24001)])).plan.changes).toEqual([]);
  });

  it('get a port in the pass in which another lets go of it', async () => {
    await pass([entry(1, 24001)]);
    const moved = await pass([entry(1, 24005), entry(2, 24001)]);
    expect([ports(), [...moved.failures]]).toEqual([{ wg_24001: 24005, wg_24002: 24001 }, []]);
    const gone = await pass([entry(3, 24005)], {});
    expect([...gone.failures]).toEqual([]);
  });

  it('get their own port before others could use it: none comes up on another port', async () => {
    const seen: number[] = [];
    host.beforeEffect = (what) => {
      const wireguard = host.wireguardTable.get('wg_24001');
      if (host.linkTable.get('wg_24001')?.up && wireguard) seen.push(wireguard.listenPort);
      expect(what).not.toBe('');
    };
    await pass([entry(1, 24001)]);
    if (hasKernelWireGuard) expect([...new Set(seen)]).toEqual([24001]);
    expect(ports()).toEqual({ wg_24001: 24001 });
  });

  it('are set aside one by one where their WireGuard cannot be read, and the others go on', async () => {
    await pass([entry(1, 24001), entry(2, 24002)]);
    const server = { name: 'wireguard-go', pid: 412, isStopped: true };
    const stuck = host.wireguardTable.get('wg_24001');
    Object.assign(stuck ?? {}, { unread: { reason: 'wg: did not finish within 3 s', server } });
    const result = await pass([entry(1, 24001), entry(2, 24012)]);
    expect(ports()).toEqual({ wg_24001: 24001, wg_24002: 24012 });
    expect(summary(result)).toEqual([
      expect.stringMatching(/^abc-121 error: WireGuard on wg_24001 cannot be read: .*kill -CONT 412$/),
    ]);
    expect([...result.failures].map(([owner]) => owner)).toEqual([{ kind: 'session', uuid: 'abc-121' }]);
    Object.assign(stuck ?? {}, { unread: undefined });
    expect([...(await pass([entry(1, 24001), entry(2, 24012)])).failures]).toEqual([]);
  });
});

describe('a peer whose name has a dead address first', () => {
  const entry = makeEntry({ endpoint: parseEndpoint('peer.example.net:51820') });
  const endpoint = () => host.wireguardTable.get('wg_24001')?.peers[0]?.endpoint;
  const passesUntil = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      host.nowMs += 60_000;
      await pass([entry]);
    }
  };
  beforeEach(async () => {
    host.names.set('peer.example.net', ['2001:db8::80', '192.0.2.80']);
    await pass([entry]);
  });

  it('is dialled at the next one after minutes, and stays there once it answers', async () => {
    await passesUntil(3);
    expect(endpoint()).toBe('[2001:db8::80]:51820');
    await passesUntil(2);
    expect(endpoint()).toBe('192.0.2.80:51820');
    for (let minute = 0; minute < 60; minute++) {
      const [peer] = host.wireguardTable.get('wg_24001')?.peers ?? [];
      if (minute % 2 === 0) Object.assign(peer ?? {}, { latestHandshakeSeconds: host.nowMs / 1000 });
      await passesUntil(1);
      expect(endpoint()).toBe('192.0.2.80:51820');
    }
  });

  it('is tried around, more and more slowly, where none answers', async () => {
    const seen: (string | undefined)[] = [];
    for (let minute = 0; minute < 120; minute++) {
      await passesUntil(1);
      if (seen.at(-1) !== endpoint()) seen.push(endpoint());
    }
    const [six, four] = ['[2001:db8::80]:51820', '192.0.2.80:51820'];
    expect(seen).toEqual(seen.map((_, index) => (index % 2 === 0 ? six : four)));
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.length).toBeLessThan(10);
  });
});
