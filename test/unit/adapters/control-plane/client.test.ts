import { getResponse, HttpResponse, http, type RequestHandler } from 'msw';
import { describe, expect, it } from 'vitest';
import { noArchive } from '../../../../src/adapters/control-plane/archive.js';
import { createClient } from '../../../../src/adapters/control-plane/client.js';
import type { Dialect } from '../../../../src/adapters/control-plane/dialects/dialect.js';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../src/adapters/control-plane/dialects/moenet-core.js';
import type { Transport } from '../../../../src/adapters/control-plane/http/transport.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { fixture } from './fixture.js';

const base = 'https://cp.example';
const token = 'secret-token';

/** The handlers of msw as a server: what no handler takes has no answer. */
function transportTo(...handlers: RequestHandler[]): Transport {
  return {
    host: 'cp.example',
    async send({ path, method, headers, body }) {
      const request = new Request(base + path, { method, headers, body: body ?? null });
      const response = await getResponse(handlers, request);
      if (response === undefined) throw new Error(`nothing is served at ${method} ${path}`);
      const text = await response.text();
      return { status: response.status, retryAfterMs: undefined, location: undefined, text };
    },
    endPause: () => undefined,
    close: async () => undefined,
  };
}

function clientOf(handlers: RequestHandler[], dialect: Dialect = documented) {
  const transport = transportTo(...handlers);
  const now = () => 1_700_000_000_000;
  return createClient({
    transport,
    dialects: [dialect],
    nodeName: 'jp1',
    token: new Secret(token),
    archive: noArchive,
    now,
  });
}

const get = (path: string, answer: unknown) =>
  http.get(base + path, () => HttpResponse.json(answer as object));

describe('the calls that fetch', () => {
  const client = clientOf([
    get('/agent/jp1/config', fixture('documented/config.json')),
    get('/agent/jp1/sessions', fixture('documented/sessions.json')),
    get('/agent/jp1/bird-config', fixture('documented/bird-config.json')),
    get('/agent/jp1/mesh', fixture('documented/mesh.json')),
  ]);

  it('give what the documented answers say', async () => {
    await expect(client.fetchConfig()).resolves.toMatchObject({ node: { id: 1 } });
    await expect(client.fetchSessions()).resolves.toHaveLength(5);
    await expect(client.fetchBirdConfig()).resolves.toMatchObject({ policy: { asn: 4242420998 } });
    await expect(client.fetchMesh()).resolves.toMatchObject({ peers: [{ nodeId: 2 }] });
  });

  it('name the call and the reason where nothing answers', async () => {
    await expect(clientOf([]).fetchMesh()).rejects.toMatchObject({
      name: 'ControlPlaneError',
      call: 'GET mesh',
      kind: 'unreachable',
      message: 'GET mesh: cp.example cannot be reached: nothing is served at GET /agent/jp1/mesh',
    });
  });
});

describe('the calls that post', () => {
  const posted: [string, unknown][] = [];
  const take = http.post(`${base}/agent/jp1/*`, async ({ request }) => {
    expect(request.headers.get('authorization')).toBe(`Bearer ${token}`);
    expect(request.headers.get('content-type')).toBe('application/json');
    posted.push([new URL(request.url).pathname, await request.json()]);
    return new HttpResponse(null, { status: 204 });
  });
  const client = clientOf([take]);

  it('send JSON with the token, and need no body in the answer', async () => {
    const uuid = sessionId.parse('abc-123');
    await client.postModify({ uuid, status: 'active', interface: 'wg_24001', error: undefined });
    await client.postMeshStatus([{ nodeId: 2, error: undefined }]);
    await client.postReport([]);
    expect(posted).toEqual([
      ['/agent/jp1/modify', { uuid, status: 1, interface: 'wg_24001' }],
      ['/agent/jp1/mesh/status', { timestamp: 1_700_000_000, peers: { 2: 'configured' } }],
      ['/agent/jp1/report', { sessions: [] }],
    ]);
  });

  it.each(['OK', '', '<html>', '[]', 'null', '{"error": "is not looked at"}'])(
    'take %j for an answer',
    async (text) => {
      const report = http.post(`${base}/agent/jp1/report`, () => HttpResponse.text(text));
      await expect(clientOf([report]).postReport([])).resolves.toBe(true);
    },
  );

  it('name the session where the control plane does not know it', async () => {
    const modify = http.post(`${base}/agent/jp1/modify`, () =>
      HttpResponse.json({ error: 'no row' }, { status: 404 }),
    );
    const uuid = sessionId.parse('abc-123');
    const call = clientOf([modify]).postModify({
      uuid,
      status: 'active',
      interface: undefined,
      error: undefined,
    });
    await expect(call).rejects.toMatchObject({
      kind: 'unknown-node',
      message:
        'POST modify: 404, the control plane does not know the session, or not on node jp1 (it says: {"error":"no row"})',
    });
  });
});

it.each(['', '{}', '{ }', '[]', 'null'])(
  'a refusal that says nothing, as by %j, has no words',
  async (text) => {
    const sessions = http.get(`${base}/agent/jp1/sessions`, () => new HttpResponse(text, { status: 401 }));
    await expect(clientOf([sessions]).fetchSessions()).rejects.toMatchObject({
      message: "GET sessions: 401, the control plane refuses this node's token",
    });
  },
);

describe('the answer to modify', () => {
  const report = {
    uuid: sessionId.parse('abc-123'),
    status: 'active',
    interface: undefined,
    error: undefined,
  } as const;
  const answering = (data: unknown, dialect: Dialect) => {
    const answer = dialect === moenetCore ? { code: 0, message: 'Success', data } : data;
    const path = dialect.endpoint('modify', 'jp1').path;
    return clientOf([http.post(base + path, () => HttpResponse.json(answer as object))], dialect);
  };

  it.each([documented, moenetCore])(
    'says that the row was changed, or nothing of it ($name)',
    async (dialect) => {
      await expect(answering({ updated: true }, dialect).postModify(report)).resolves.toBe(true);
      await expect(answering({ received: true }, dialect).postModify(report)).resolves.toBeUndefined();
      await expect(answering(null, dialect).postModify(report)).resolves.toBeUndefined();
    },
  );

  it.each([
    [{ updated: false, reason: 'invalid transition' }, 'invalid transition'],
    [{ updated: 'false', reason: `a${'b'.repeat(200)}` }, `a${'b'.repeat(159)}…`],
    [{ updated: false, reason: 'two\nlines\u001b[31m' }, 'two lines [31m'],
    [{ updated: false, reason: `it is ${token}` }, 'it is [token]'],
    [{ updated: false, reason: 7 }, 'it gives no reason'],
    [{ updated: false }, 'it gives no reason'],
  ])('%j is a refusal, for the update was not taken', async (data, words) => {
    for (const dialect of [documented, moenetCore])
      await expect(answering(data, dialect).postModify(report)).rejects.toMatchObject({
        kind: 'rejected',
        message: `POST modify: the control plane did not change the row: ${words}`,
      });
  });
});

describe('a refusal under a good HTTP status', () => {
  it.each([
    [
      { code: 401, message: 'token revoked', data: null },
      'unauthorized',
      "code 401 in its answer, the control plane refuses this node's token (it says: token revoked)",
    ],
    [
      { code: 500, message: 'no database', data: null },
      'server-error',
      'code 500 in its answer, the control plane failed (it says: no database)',
    ],
    [
      { code: '1003', message: 'no' },
      'rejected',
      'code 1003 in its answer, the control plane does not accept the request (it says: no)',
    ],
    [{ code: 302 }, 'rejected', 'code 302 in its answer, the control plane does not accept the request'],
  ])('%j is one of every call', async (answer, kind, reason) => {
    const paths = ['config', 'sessions', 'bird-config', 'mesh'];
    const post = http.post(`${base}/agent/jp1/report`, () => HttpResponse.json(answer));
    const client = clientOf([...paths.map((path) => get(`/agent/jp1/${path}`, answer)), post]);
    const refused = (call: string) => ({ kind, message: `${call}: ${reason}` });
    await expect(client.fetchConfig()).rejects.toMatchObject(refused('GET config'));
    await expect(client.fetchSessions()).rejects.toMatchObject(refused('GET sessions'));
    await expect(client.fetchBirdConfig()).rejects.toMatchObject(refused('GET bird-config'));
    await expect(client.fetchMesh()).rejects.toMatchObject(refused('GET mesh'));
    await expect(client.postReport([])).rejects.toMatchObject(refused('POST report'));
  });

  it.each([{ code: 0, message: 'ok' }, { code: 200 }, { code: 'OK' }, { code: null }, [], 'ok', null])(
    '%j is none',
    async (answer) => {
      const client = clientOf([http.post(`${base}/agent/jp1/report`, () => HttpResponse.json(answer))]);
      await expect(client.postReport([])).resolves.toBe(true);
    },
  );
});

describe('in the moenet-core dialect', () => {
  const at = (call: string) => `/api/v1/agent/jp1/${call}`;

  it('the calls that fetch give what is in the envelopes', async () => {
    const calls = ['config', 'sessions', 'bird-config', 'mesh'];
    const handlers = calls.map((call) => get(at(call), fixture(`moenet-core/${call}.json`)));
    const client = clientOf(handlers, moenetCore);
    await expect(client.fetchConfig()).resolves.toMatchObject({ node: { id: 1 }, refused: [] });
    await expect(client.fetchSessions()).resolves.toHaveLength(5);
    await expect(client.fetchBirdConfig()).resolves.toMatchObject({
      policy: { asn: 4242420998 },
      refused: [],
    });
    await expect(client.fetchMesh()).resolves.toMatchObject({ peers: [{ nodeId: 2 }, { nodeId: 3 }] });
  });

  it('one call may be several requests', async () => {
    const posted: string[] = [];
    const take = http.post(`${base}/api/v1/agent/*`, ({ request }) => {
      posted.push(new URL(request.url).pathname);
      return HttpResponse.json({ code: 0, message: 'Success', data: { received: true } });
    });
    const client = clientOf([take], moenetCore);
    await client.postHeartbeat(heartbeat);
    await client.postReport([]);
    expect(posted).toEqual(['/api/v1/agent/jp1/heartbeat', '/api/v1/agent/heartbeat', at('report')]);
  });

  it.each([200, 401, 404, 422, 429])(
    'a refusal in an envelope is reported in its own words (HTTP %i)',
    async (status) => {
      const code = status === 200 ? 422 : status;
      const no = { code, message: `no, ${token}`, data: null };
      const answer = () => HttpResponse.json(no, { status });
      const client = clientOf(
        [http.get(base + at('mesh'), answer), http.post(base + at('report'), answer)],
        moenetCore,
      );
      for (const call of [client.fetchMesh(), client.postReport([])])
        await expect(call).rejects.toMatchObject({
          message: expect.stringMatching(/\(it says: no, \[token\]\)$/),
        });
    },
  );

  it('what only this dialect has a call for is posted in it, and in no other', async () => {
    const posted: [string, unknown][] = [];
    const take = http.post(`${base}/*`, async ({ request }) => {
      posted.push([new URL(request.url).pathname, await request.json()]);
      return HttpResponse.json({ code: 0, message: 'Success', data: { updated: true } });
    });
    const seen = [sessionId.parse('abc-123'), '203.0.113.7' as never] as const;
    const rtts = [{ target: '172.22.188.2', rttMs: 12.5, loss: 0.5 }];
    const client = clientOf([take], moenetCore);
    await expect(client.postObservedEndpoint(...seen)).resolves.toBe(true);
    await client.postNodeRtts(rtts);
    expect(posted).toEqual([
      [at('modify'), { uuid: 'abc-123', observedEndpoint: '203.0.113.7' }],
      [
        at('rtt'),
        { measurements: [{ target: '172.22.188.2', rtt_ms: 12.5, loss: 50 }], timestamp: 1_700_000_000 },
      ],
    ]);
    await expect(clientOf([take], documented).postObservedEndpoint(...seen)).resolves.toBe(false);
    await clientOf([take], documented).postNodeRtts(rtts);
    expect(posted).toHaveLength(2);
  });

  it('a 404 is reported in its own words, and does not count as an unknown node', async () => {
    const no = { code: 404, message: 'No default BIRD policy configured\u001b[0m\n', data: null };
    const policy = http.get(base + at('bird-config'), () => HttpResponse.json(no, { status: 404 }));
    await expect(clientOf([policy], moenetCore).fetchBirdConfig()).rejects.toMatchObject({
      kind: 'unknown-node',
      message:
        'GET bird-config: 404, the control plane does not know what was asked for (it says: No default BIRD policy configured [0m)',
    });
  });

  it('an answer without an envelope belongs to another dialect', async () => {
    const bare = get(at('sessions'), { bgpSessions: [{ uuid: 'a', status: 1 }] });
    await expect(clientOf([bare], moenetCore).fetchSessions()).rejects.toMatchObject({
      kind: 'other-dialect',
      message:
        'GET sessions: the answer at /api/v1/agent/jp1/sessions comes in no envelope {code, message, data}, ' +
        'unlike the answers of the moenet-core dialect; set bootstrap.dialect to the dialect that the control plane speaks',
    });
  });
});

const heartbeat = {
  version: '0.1.0',
  uptimeSeconds: 1,
  meshPublicKey: undefined,
  birdVersion: undefined,
  kernel: '6.1',
  loadAverage: [0, 0, 0],
  network: undefined,
  withheldSessions: 0,
  problems: [],
} as const;
