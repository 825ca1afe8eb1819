import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeStatus, ResyncResult } from '../../src/shell/status/status.js';
import { countsByName } from '../bench/programs.js';
import { type Neighbor, openNeighbor } from './neighbor.js';
import { openRouter, type Router, until } from './router.js';
import { addressesOf, loadedModules, seeLinks, seeWireGuard } from './seen.js';
import { keys, type SessionRow, sessionRow } from './sessions.js';

// One node and its daemon from the first pass on: each test goes on where the one before it ended. There is no
// wireguard-go here; what these tests find was made by the kernel.

const [psk, otherPsk] = [
  'wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=',
  'WIwvl2bB2v8KfbT1gkqVYn0zQ1MU7FZ5sSB9iX0wnX8=',
] as const;
const otherKey = keys[3];
const linkLocal = 'fe80::998:101:1:1';

let router: Router;
let neighbor: Neighbor;
let status: NodeStatus;
/** The sessions, in the list's order: with the neighbor that is there, with two that are not. */
let rows: [SessionRow, SessionRow, SessionRow];

/** An interface that an operator made, and how it was left. */
const seeForeign = async () => ({ link: await linkOf('wg0'), device: await wireguardOf('wg0') });
let foreign: Awaited<ReturnType<typeof seeForeign>>;

const wireguardOf = (name: string) => seeWireGuard(router.run, name);
const linkOf = async (name: string) => (await seeLinks(router.run)).get(name);

async function expectLoopbacksOn(name: string): Promise<void> {
  const dummy = await linkOf(name);
  expect(dummy).toMatchObject({ ifalias: 'moenet-agent:node:', linkinfo: { info_kind: 'dummy' } });
  expect(dummy?.flags).toContain('UP');
  const loopbacks = ['172.22.188.1/32', 'fd00:4242:7777:101:1::1/128'];
  expect(addressesOf(dummy)).toEqual(expect.arrayContaining(loopbacks));
}

/** One pass with these sessions, which does all that they ask for. */
async function pass(sessions: typeof rows): Promise<ResyncResult> {
  rows = sessions;
  const result = await router.pass(sessions);
  expect(result).toMatchObject({ ok: true, errors: [] });
  return result;
}

beforeAll(async () => {
  router = await openRouter();
  neighbor = await openNeighbor(router.run);
  const { publicKey, presharedKey, endpoint } = neighbor;
  rows = [
    sessionRow(1, { endpoint, credential: { publicKey, presharedKey } }),
    sessionRow(2, { ipv4: '172.20.1.2', mtu: 1400, credential: { publicKey: keys[1], presharedKey: psk } }),
    sessionRow(3, { endpoint: null }),
  ];
  status = await router.startAgent(rows);
});
afterAll(async () => {
  await neighbor?.close();
  await router?.close();
});

describe('the first pass', () => {
  it('takes the kernel for `auto`, which loads its module', async () => {
    expect([...(await loadedModules(router.run))]).toContain('wireguard');
    for (const row of rows) expect((await linkOf(row.interface))?.linkinfo?.info_kind).toBe('wireguard');
  });

  it('gives each tunnel its mark, its MTU and its addresses, and none of the kernel’s own choice', async () => {
    for (const { interface: name, uuid, mtu } of rows) {
      const link = await linkOf(name);
      expect(link).toMatchObject({ ifalias: `moenet-agent:${uuid}`, mtu });
      expect(link?.flags).toContain('UP');
    }
    expect(addressesOf(await linkOf('wg_24001'))).toEqual([`${linkLocal}/64`]);
    expect(addressesOf(await linkOf('wg_24002'))).toEqual([
      '172.22.188.1 peer 172.20.1.2/32',
      `${linkLocal}/64`,
    ]);
  });

  it('gives each tunnel its keys, its port, its endpoint and its keepalive', async () => {
    const devices = await Promise.all(rows.map((row) => wireguardOf(row.interface)));
    const own = await router.publicKey();
    expect(devices.map(({ publicKey, listenPort }) => [publicKey, listenPort])).toEqual([
      [own, 24001],
      [own, 24002],
      [own, 24003],
    ]);
    const { publicKey, presharedKey, endpoint } = neighbor;
    expect(devices.map(({ peers }) => peers)).toMatchObject([
      [{ publicKey, presharedKey, endpoint, keepalive: '15' }],
      [{ publicKey: keys[1], presharedKey: psk, endpoint: '192.0.2.2:51820', keepalive: '15' }],
      [{ publicKey: keys[2], presharedKey: '(none)', endpoint: '(none)', keepalive: '15' }],
    ]);
  });

  it('puts the loopbacks on dummy0, which loading the module makes before the agent can', () =>
    expectLoopbacksOn('dummy0'));

  it('starts one `wg` for each tunnel, and thirteen programs besides', async () => {
    // The measurement of round-trip times follows the pass.
    const ofPass = (await router.programs()).filter(({ text }) => !text.startsWith('fping'));
    expect(Object.fromEntries(countsByName(ofPass))).toEqual({
      'wg syncconf': rows.length,
      'ip -force': 5,
      'ip -j': 2,
      'wg show': 2,
      'wg genkey': 1,
      'flock -n': 1,
      // Routing rules of a previous agent.
      'ip -4': 1,
      'ip -6': 1,
    });
  });

  it('does everything that is to be done', async () => {
    expect(status.lastPass, status.problems.join('; ')).toMatchObject({ failures: 0 });
    expect(await pass(rows)).toMatchObject({ changes: [] });
  });
});

describe('later passes', () => {
  it('leave alone what is not the agent’s, such as an interface of wg-quick', async () => {
    const { run } = router;
    await run('ip', ['link', 'add', 'dev', 'wg0', 'type', 'wireguard']);
    await run('wg', ['set', 'wg0', 'listen-port', '51000', 'peer', otherKey, 'allowed-ips', '10.9.0.2/32']);
    await run('ip', ['-batch', '-'], { input: 'addr add 10.9.0.1/24 dev wg0\nlink set dev wg0 up\n' });
    foreign = await seeForeign();
    expect(foreign).toMatchObject({ device: { listenPort: 51000, peers: [{ publicKey: otherKey }] } });
    await pass(rows);
    expect(await seeForeign()).toEqual(foreign);
  });

  it('leave a neighbor that roams where the kernel has found it', async () => {
    await neighbor.connect('wg_24001', 24001);
    await neighbor.ping(linkLocal);
    await neighbor.roam(51_999);
    await neighbor.ping(linkLocal);
    const endpoint = `${neighbor.address}:51999`;
    expect((await wireguardOf('wg_24001')).peers).toMatchObject([{ endpoint }]);
    await pass(rows);
    expect((await wireguardOf('wg_24001')).peers).toMatchObject([{ endpoint }]);
  });

  it('change a neighbor’s keys, endpoint, MTU and address, and leave the peers of the others', async () => {
    const received = async () => (await wireguardOf('wg_24001')).peers[0]?.receivedBytes ?? 0;
    const before = await received();
    expect(before).toBeGreaterThan(0);
    const credential = { publicKey: keys[3], presharedKey: otherPsk };
    const changed = { ipv4: '172.20.1.9', mtu: 1380, endpoint: '[2001:db8::9]:4500', credential };
    await pass([rows[0], sessionRow(2, changed), rows[2]]);
    expect((await wireguardOf('wg_24002')).peers).toMatchObject([
      { ...credential, endpoint: '[2001:db8::9]:4500', keepalive: '15' },
    ]);
    const link = await linkOf('wg_24002');
    expect(link?.mtu).toBe(1380);
    expect(addressesOf(link)).toEqual(['172.22.188.1 peer 172.20.1.9/32', `${linkLocal}/64`]);
    expect(await received()).toBeGreaterThanOrEqual(before);
    await neighbor.ping(linkLocal);
  });

  it('put back what somebody deleted or changed by hand', async () => {
    const { run } = router;
    await run('ip', ['link', 'del', 'dev', 'wg_24003']);
    await run('ip', ['link', 'set', 'dev', 'wg_24002', 'mtu', '1300']);
    await run('wg', ['set', 'wg_24002', 'listen-port', '999', 'peer', keys[3], 'remove']);
    await pass(rows);
    expect(await linkOf('wg_24003')).toMatchObject({ ifalias: 'moenet-agent:abc-123', mtu: 1420 });
    expect(await wireguardOf('wg_24003')).toMatchObject({
      listenPort: 24003,
      peers: [{ publicKey: keys[2] }],
    });
    expect((await linkOf('wg_24002'))?.mtu).toBe(1380);
    expect(await wireguardOf('wg_24002')).toMatchObject({
      listenPort: 24002,
      peers: [{ publicKey: keys[3] }],
    });
  });
});

describe('listen ports', () => {
  const portsOf = () => Promise.all(rows.map(async (row) => (await wireguardOf(row.interface)).listenPort));

  it('that two sessions exchange are exchanged in one pass', async () => {
    const [one, two, three] = rows;
    await pass([one, { ...two, port: 24003 }, { ...three, port: 24002 }]);
    expect(await portsOf()).toEqual([24001, 24003, 24002]);
  });

  it('that one session gives up and another takes change hands in one pass', async () => {
    const [one, two, three] = rows;
    await pass([one, { ...two, port: 24009 }, { ...three, port: 24003 }]);
    expect(await portsOf()).toEqual([24001, 24009, 24003]);
  });

  it('of a session that is deleted are another’s in the same pass', async () => {
    const [one, two, three] = rows;
    await pass([one, { ...two, status: 5 }, { ...three, port: 24009 }]);
    expect(await linkOf('wg_24002')).toBeUndefined();
    expect((await wireguardOf('wg_24003')).listenPort).toBe(24009);
  });

  it('of a tunnel that carries packets are those of another without a packet lost for good', async () => {
    const [one, , three] = rows;
    await pass([{ ...one, port: 24009 }, sessionRow(2, { port: 24001 }), { ...three, port: 24002 }]);
    expect(await portsOf()).toEqual([24009, 24001, 24002]);
    await neighbor.dial(24009);
    await neighbor.ping(linkLocal);
  });
});

describe('another loopback interface in the configuration', () => {
  it('gets the loopbacks, and the one before is removed', async () => {
    await router.useLoopback('dn42lo');
    await until('dummy0 is gone', async () => (await linkOf('dummy0')) === undefined);
    await pass(rows);
    expect(await pass(rows)).toMatchObject({ changes: [] });
    await expectLoopbacksOn('dn42lo');
  });

  it('and all passes before leave the operator’s interface as it was', async () => {
    expect(await seeForeign()).toEqual(foreign);
  });
});
