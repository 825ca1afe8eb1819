import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { controlPlaneApp } from '../../../../src/lab/control-plane/control-plane.js';
import {
  type ControlPlaneState,
  editSession,
  emptyState,
  postsOf,
  sessionsOf,
} from '../../../../src/lab/control-plane/control-plane-state.js';
import { moenetCore } from '../../../../src/lab/control-plane/moenet-core.js';
import { sessionRow } from '../../../../src/lab/control-plane/session-row.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';

const scenario = makeScenario(2, 3);
const peer = scenario.peers[0];
if (!peer) throw new Error('the scenario has no peers');
const key = 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=';
const { uuid } = peer.session;
const base = '/api/v1/agent';
const nowSeconds = Math.floor(Date.now() / 1000);

let state: ControlPlaneState;
let app: ReturnType<typeof controlPlaneApp>;

beforeEach(() => {
  const tokens = ['jp1', 'de1'].map((name) => [name, `token-of-${name}`] as const);
  state = emptyState(new Map(tokens), 'moenet-core');
  state.sessions.set(uuid, sessionRow(peer, { publicKey: key }, 'active'));
  app = controlPlaneApp(scenario, state, moenetCore);
});

const authorization = 'Bearer token-of-jp1';
const get = (path: string) => app.request(path, { headers: { authorization } });
const read = async (call: string) => (await get(`${base}/jp1/${call}`)).json();
const post = (path: string, body: unknown) =>
  app.request(base + path, { method: 'POST', headers: { authorization }, body: JSON.stringify(body) });

const signed = { node_id: 'jp1', timestamp: nowSeconds };
const row = { uuid, name: 'dn42_1000', state: 'up', rtt: 1, rxBytes: 1, txBytes: 1, routesImported: 2 };
const nodeStatus = {
  version: '1',
  kernel: '6.1',
  loadAvg: '0.10 0.12 0.09',
  uptime: 3,
  timestamp: nowSeconds,
  tx: 1,
  rx: 2,
  tcp: 3,
  udp: 4,
  meshPublicKey: key,
};
const heartbeat = { node_id: 'jp1', agent_version: '1', status: nodeStatus };

describe('its answers', () => {
  it('come in an envelope, also where they say no', async () => {
    expect(await read('sessions')).toMatchObject({ code: 0, data: { bgpSessions: [{ uuid }] } });
    const strange = await app.request(`${base}/jp1/sessions`);
    expect([strange.status, await strange.json()]).toEqual([
      401,
      { code: 401, message: 'unauthorized', data: null },
    ]);
    expect(await (await get(`${base}/us9/sessions`)).json()).toMatchObject({ code: 404 });
    expect(await (await get('/agent/jp1/config')).json()).toMatchObject({ code: 404 });
  });

  it('say how many requests are left, and when it was one too many', async () => {
    expect((await get(`${base}/jp1/config`)).headers.get('x-ratelimit-remaining')).toBe('299');
    for (let count = 1; count < 300; count++) await get(`${base}/jp1/config`);
    const late = await get(`${base}/jp1/config`);
    expect([late.status, late.headers.get('retry-after'), late.headers.get('x-ratelimit-remaining')]).toEqual(
      [429, '10', '0'],
    );
  });

  it('show a session in this dialect’s numbers and spellings', async () => {
    const [session] = (await read('sessions')).data.bgpSessions;
    expect(session).toMatchObject({
      name: 'AS4242421000',
      status: 2,
      extensions: ['mp_bgp', 'extended_nexthop'],
      data: null,
      mtu: 1420,
      lastError: null,
    });
    expect(JSON.parse(session.credential)).toEqual({
      public_key: key,
      preshared_key: null,
      listen_port: 24_000,
      endpoint: 'peer1000.example.net:51900',
      mtu: 1420,
    });
  });

  it('keep the node’s loopbacks with WireGuard, and drift', async () => {
    const { node, wireguard } = (await read('config')).data;
    expect(node).not.toHaveProperty('loopbackIpv4');
    expect(wireguard).toMatchObject({
      dn42Ipv4: '172.22.188.1',
      dn42Ipv6: 'fd00:4242:7777:101:1::1',
      dn42Ipv6LinkLocal: 'fe80::998:101:1:1/64',
    });
    expect((await read('bird-config')).data.policy).toMatchObject({ dn42As: 4242420998, asPathMaxLen: '10' });
    expect((await read('mesh')).data).toMatchObject({
      self: { nodeId: 1, nodeType: 'client' },
      peers: [{ nodeId: 2, nodeName: 'de1', isRr: true, publicKey: '', endpoint: '' }],
    });
  });

  it('name a control socket that is not where BIRD has it', async () => {
    expect((await read('config')).data.bird.controlSocket).toBe('/var/run/bird/run/bird.ctl');
  });

  it('have the public address that a node has told as its endpoint for the others', async () => {
    const status = { ...nodeStatus, publicIpv4: '198.51.100.77' };
    const answer = await app.request(`${base}/heartbeat`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-of-de1' },
      body: JSON.stringify({ ...heartbeat, node_id: 'de1', status }),
    });
    expect(answer.status).toBe(200);
    expect((await read('mesh')).data.peers).toMatchObject([
      { publicKey: key, endpoint: '198.51.100.77:51821' },
    ]);
  });
});

describe('rows', () => {
  interface Row {
    readonly ipv6: string | null;
    readonly ipv6LinkLocal: string | null;
    readonly credential: string;
    readonly port: number;
    readonly status: number;
  }
  const live: readonly Row[] = JSON.parse(
    readFileSync(
      new URL('../../../fixtures/control-plane/moenet-core/sessions-live.json', import.meta.url),
      'utf8',
    ),
  ).data.bgpSessions;
  const scope = (address: string | null) =>
    address === null ? 'absent' : address.startsWith('fe80:') ? 'link-local' : 'ULA';
  const parts = (credential: string) =>
    credential.startsWith('{')
      ? Object.entries(JSON.parse(credential)).map(([name, value]) =>
          /key$/.test(name) && name !== 'preshared_key' ? `${name} ${value === null ? 'null' : 'set'}` : name,
        )
      : 'a bare key';
  const shape = (row: Row) => ({
    fields: Object.keys(row).sort(),
    addresses: [scope(row.ipv6), scope(row.ipv6LinkLocal)],
    credential: parts(row.credential),
    port: row.port === 0 ? 'none' : 'its own',
    status: row.status,
  });

  const usual = makeScenario();
  const edited = { presharedKey: key, credential: 'preshared key', status: 'queued for setup' } as const;
  const rows = [
    ['the bot’s, link-local', usual.peers[0], 'queued for setup', {}],
    ['the bot’s, with a ULA', usual.newcomer, 'active', {}],
    ['the web’s, with a bare key and no port', usual.peers[1], 'queued for setup', {}],
    ['the bot’s, with a ULA of ours', usual.peers[3], 'queued for setup', {}],
    ['after an edit of the preshared key', usual.peers[0], 'active', edited],
    ['torn down', usual.peers[0], 'teardown', {}],
  ] as const;

  it('are written in all the ways that were seen', () => expect(live).toHaveLength(rows.length));

  it.each(rows.map((row, index) => [...row, live[index]] as const))(
    '%s, are as the live control plane’s',
    (name, of, status, change, wanted) => {
      if (!of) throw new Error(`no peer for ${name}`);
      const row = { ...sessionRow(of, { publicKey: key }, status), ...change };
      const [document] = (moenetCore.sessions([row]) as { bgpSessions: Row[] }).bgpSessions;
      expect(document && shape(document)).toEqual(wanted && shape(wanted));
    },
  );
});

describe('modify', () => {
  const modify = async (body: object) => (await (await post('/jp1/modify', { uuid, ...body })).json()).data;

  it.each([
    ['queued for setup', 2, true],
    ['queued for setup', 6, true],
    ['active', 6, true],
    ['active', 2, false],
    ['error', 2, true],
    ['error', 6, true],
    ['disabled', 2, false],
    ['pending review', 2, false],
    ['queued for delete', 2, false],
    ['teardown', 6, false],
  ] as const)('of a session that is %s to %i: updated %s', async (status, number, updated) => {
    state.sessions.set(uuid, { ...sessionRow(peer, { publicKey: key }, status), lastError: 'before' });
    expect(await modify({ status: number })).toEqual(
      updated ? { updated } : { updated, reason: 'invalid transition' },
    );
    expect(sessionsOf(state, 'jp1')[0]?.status === status && !updated).toBe(!updated);
    expect(postsOf(state, 'modify')).toHaveLength(updated ? 1 : 0);
  });

  it('without a status takes where the peer is seen', async () => {
    expect(await modify({ observedEndpoint: '203.0.113.7' })).toEqual({ updated: true });
    expect(postsOf(state, 'observed endpoint')).toMatchObject([{ body: { uuid, address: '203.0.113.7' } }]);
    expect(sessionsOf(state, 'jp1')).toMatchObject([{ status: 'active' }]);
    expect((await post('/jp1/modify', { uuid })).status).toBe(422);
  });

  it('an edit of a session that is enabled queues it again, and no other', () => {
    editSession(state, uuid, { contact: 'new' });
    expect(sessionsOf(state, 'jp1')).toMatchObject([
      { status: 'queued for setup', edits: 1, contact: 'new' },
    ]);
    editSession(state, uuid, { status: 'disabled' });
    editSession(state, uuid, { contact: 'newer' });
    expect(sessionsOf(state, 'jp1')).toMatchObject([{ status: 'disabled', edits: 1 }]);
  });

  it.each([
    [1, 'disabled'],
    [2, 'active'],
    [6, 'error'],
  ])('takes %i for %s', async (number, status) => {
    state.sessions.set(uuid, sessionRow(peer, { publicKey: key }, 'error'));
    await post('/jp1/modify', { uuid, status: number, lastError: 'why' });
    expect(sessionsOf(state, 'jp1')).toMatchObject([{ status, lastError: 'why' }]);
  });

  it('destroys the row at 0, whatever it was before', async () => {
    await post('/jp1/modify', { peer_id: uuid, status: 0 });
    expect(sessionsOf(state, 'jp1')).toEqual([]);
    expect((await post('/jp1/modify', { uuid, status: 2 })).status).toBe(404);
  });
});

it('says in its own words that the network has no policy', async () => {
  state.hasPolicy = false;
  const answer = await get(`${base}/jp1/bird-config`);
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { code: 404, message: 'No default BIRD policy configured', data: null },
  ]);
});

it('stores the rows of a report that have a name and a state, and notes the others', async () => {
  const sessions = [row, { ...row, name: 'dn42_1001', state: undefined }];
  expect((await post('/jp1/report', { ...signed, sessions })).status).toBe(200);
  expect(postsOf(state, 'report')[0]?.body.sessions.map(({ protocols }) => protocols)).toEqual([
    ['dn42_1000'],
  ]);
  expect(state.requests.at(-1)).toMatchObject({ reason: '1 of 2 rows have no name or no state' });
});

it('learns a node’s key from the heartbeat with its data alone', async () => {
  await post('/jp1/heartbeat', { version: '1', uptime: 1, meshPublicKey: key });
  expect(state.publicKeys.size).toBe(0);
  await post('/heartbeat', heartbeat);
  expect(state.publicKeys.get('jp1')).toBe(key);
});

describe('what it refuses', () => {
  it.each([
    ['/heartbeat', { ...heartbeat, node_id: 'de1' }, 404],
    ['/heartbeat', { ...heartbeat, status: { ...nodeStatus, loadAvg: '0.1' } }, 422],
    ['/heartbeat', { ...heartbeat, status: { ...nodeStatus, tcp: undefined } }, 422],
    ['/jp1/modify', { uuid, status: 9 }, 422],
    ['/jp1/modify', { status: 2 }, 422],
    ['/jp1/modify', { uuid, status: 6, lastError: 'x'.repeat(256) }, 422],
    ['/jp1/report', { sessions: [row] }, 422],
    ['/jp1/report', { ...signed, node_id: 'de1', sessions: [row] }, 404],
    ['/jp1/report', { ...signed, sessions: [], more: 'x'.repeat(1024 * 1024) }, 413],
    ['/jp1/mesh/status', { ...signed, peers: { de1: 'configured' } }, 422],
    ['/jp1/rtt', { measurements: [{ target: 'fe80::1', rtt_ms: -1, loss: 0 }], timestamp: nowSeconds }, 422],
    ['/jp1/rtt', { measurements: [], timestamp: 1 }, 422],
  ])('%s (%#)', async (path, body, status) => {
    const answer = await post(path, body);
    expect([answer.status, await answer.json()]).toMatchObject([status, { code: status, data: null }]);
    expect(state.posts).toEqual([]);
  });
});
