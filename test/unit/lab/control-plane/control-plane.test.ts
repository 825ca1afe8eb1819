import { beforeEach, describe, expect, it } from 'vitest';
import { controlPlaneApp } from '../../../../src/lab/control-plane/control-plane.js';
import {
  type ControlPlaneState,
  editSession,
  emptyState,
  postsOf,
  sessionsOf,
} from '../../../../src/lab/control-plane/control-plane-state.js';
import { documented } from '../../../../src/lab/control-plane/documented.js';
import { sessionRow } from '../../../../src/lab/control-plane/session-row.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';

const scenario = makeScenario(2, 3);
const [peer] = scenario.peers;
if (!peer) throw new Error('the scenario has no peers');
const key = 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=';
const uuid = peer.session.uuid;

let state: ControlPlaneState;
let app: ReturnType<typeof controlPlaneApp>;

beforeEach(() => {
  const tokens = new Map([
    ['jp1', 'token-of-jp1'],
    ['de1', 'token-of-de1'],
  ]);
  state = emptyState(tokens, 'documented');
  state.sessions.set(uuid, sessionRow(peer, { publicKey: key }, 'queued for setup'));
  app = controlPlaneApp(scenario, state, documented);
});

const get = (path: string, token = 'token-of-jp1') =>
  app.request(path, { headers: { authorization: `Bearer ${token}` } });

const post = (path: string, body: unknown, token = 'token-of-jp1') =>
  app.request(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

it('sends a slip in the policy to the node that it is for, and to no other', async () => {
  state.policySlips.set('jp1', { dn42Ipv4Prefix: '198.51.100.0/29' });
  const answer = async (node: string) => (await get(`/agent/${node}/bird-config`, `token-of-${node}`)).json();
  const [wrong, right] = [await answer('jp1'), await answer('de1')];
  expect(wrong.policy.dn42Ipv4Prefix).toBe('198.51.100.0/29');
  expect(right.policy.dn42Ipv4Prefix).toBe('172.22.188.0/26');
  expect(wrong.configHash).not.toBe(right.configHash);
});

describe('who may ask', () => {
  it('refuses a request without a token, with a wrong one, and with another node’s', async () => {
    expect((await app.request('/agent/jp1/sessions')).status).toBe(401);
    expect((await get('/agent/jp1/sessions', 'nonsense')).status).toBe(401);
    expect((await get('/agent/jp1/sessions', 'token-of-de1')).status).toBe(401);
  });

  it('does not know a router that is none', async () => {
    expect((await get('/agent/us9/sessions')).status).toBe(404);
  });

  it('says without a token that it is well', async () => {
    expect(await (await app.request('/health')).json()).toEqual({ status: 'ok' });
  });
});

describe('what it answers', () => {
  it('gives a node its own sessions only', async () => {
    expect(await (await get('/agent/jp1/sessions')).json()).toMatchObject({
      sessions: [{ uuid, status: 4 }],
    });
    expect(await (await get('/agent/de1/sessions', 'token-of-de1')).json()).toEqual({ sessions: [] });
  });

  it('knows no key of a mesh peer before its first heartbeat, and its key afterwards', async () => {
    const before = await (await get('/agent/jp1/mesh')).json();
    expect(before).toMatchObject({ peers: [{ nodeId: 2, publicKey: '', endpoint: '198.51.100.12:51821' }] });
    await post('/agent/de1/heartbeat', { version: '1', uptime: 3, meshPublicKey: key }, 'token-of-de1');
    expect(await (await get('/agent/jp1/mesh')).json()).toMatchObject({ peers: [{ publicKey: key }] });
  });

  it('tells a node who it is', async () => {
    const config = await (await get('/agent/jp1/config')).json();
    expect(config).toMatchObject({ node: { id: 1, name: 'jp1', loopbackIpv4: '172.22.188.1' } });
    const policy = await (await get('/agent/jp1/bird-config')).json();
    expect(policy).toMatchObject({
      policy: { dn42As: '4242420998' },
      ibgpPeers: [{ nodeId: 2, nodeType: 'rr' }],
    });
  });
});

it('has a second policy, which differs in limits, path length, cache, bandwidth and its own hash', async () => {
  const first = await (await get('/agent/jp1/bird-config')).json();
  state.policyRevision = 'second';
  const second = await (await get('/agent/jp1/bird-config')).json();
  const differing = Object.keys(first.policy).filter(
    (key) => JSON.stringify(first.policy[key]) !== JSON.stringify(second.policy[key]),
  );
  expect(differing).toEqual([
    'rpkiServers',
    'ebgpImportLimit',
    'ebgpExportLimit',
    'ibgpImportLimit',
    'ibgpExportLimit',
    'asPathMaxLen',
  ]);
  expect(second.node).toEqual({
    ...first.node,
    bandwidth: '10G',
    bandwidthCommunity: 'DN42_BW_10G_PLUS',
  });
  expect(second.configHash).not.toBe(first.configHash);
});

describe('modify', () => {
  it('moves a session to the status that is told', async () => {
    expect((await post('/agent/jp1/modify', { uuid, status: 1, interface: 'dn42_1000' })).status).toBe(200);
    expect(sessionsOf(state, 'jp1')).toMatchObject([{ uuid, status: 'active' }]);
  });

  it('takes a session off the list that was queued for delete and is told to be deleted', async () => {
    editSession(state, uuid, { status: 'queued for delete' });
    await post('/agent/jp1/modify', { uuid, status: 0, interface: 'dn42_1000' });
    expect(sessionsOf(state, 'jp1')).toEqual([]);
  });

  it('keeps a session that is told 0 without being queued for delete: there it means disabled', async () => {
    await post('/agent/jp1/modify', { uuid, status: 0 });
    expect(sessionsOf(state, 'jp1')).toMatchObject([{ uuid, status: 'disabled' }]);
  });

  it('knows no session of another node', async () => {
    expect((await post('/agent/de1/modify', { uuid, status: 1 }, 'token-of-de1')).status).toBe(404);
    expect(sessionsOf(state, 'jp1')).toMatchObject([{ status: 'queued for setup' }]);
  });
});

describe('what it refuses', () => {
  it.each([
    ['modify', { uuid, status: 9 }],
    ['modify', { status: 1 }],
    ['modify', 'not json'],
    ['heartbeat', { version: '1', uptime: 1, meshPublicKey: 'short' }],
    ['report', { sessions: [{ uuid, rtt: '12', rxBytes: 1, txBytes: 1, routesImported: 1 }] }],
    ['report', { sessions: [{ uuid, rtt: 12, rxBytes: -1, txBytes: 1, routesImported: 1 }] }],
    ['mesh/status', { peers: [] }],
  ])('%s with %j', async (name, body) => {
    expect((await post(`/agent/jp1/${name}`, body)).status).toBe(422);
    expect(state.posts).toEqual([]);
    expect(state.requests.at(-1)).toMatchObject({ httpStatus: 422, reason: expect.any(String) });
  });
});

it('records what was posted, by whom and when', async () => {
  const line = { uuid, rtt: 1.5, rxBytes: 10, txBytes: 20, routesImported: 2 };
  await post('/agent/jp1/report', { sessions: [{ ...line, extra: true }] });
  expect(postsOf(state, 'report')).toEqual([
    {
      name: 'report',
      node: 'jp1',
      atMs: expect.any(Number),
      dialect: 'documented',
      body: { sessions: [{ ...line, protocols: [] }] },
    },
  ]);
  expect(postsOf(state, 'report', 'de1')).toEqual([]);
  expect(state.requests).toMatchObject([
    { method: 'POST', path: '/agent/jp1/report', node: 'jp1', httpStatus: 200 },
  ]);
});
