import { describe, expect, it } from 'vitest';
import { listedStatus } from '../../../../src/core/model/session.js';
import { documentedAt, either, fakeServer, moenetCoreAt, type Serve, type Served } from './fake-server.js';
import { fixture } from './fixture.js';
import { active, memoryState, speakingClient } from './speaking-client.js';

const documentedConfig = 'GET /agent/jp1/config';
const moenetConfig = 'GET /api/v1/agent/jp1/config';

/** At one path, whatever is asked there. */
const at =
  (path: string, served: Served): Serve =>
  (asked) =>
    asked.path.startsWith(path) ? served : undefined;

describe('on first contact', () => {
  it('the documented dialect is found with the answer that was wanted anyway', async () => {
    const server = fakeServer(documentedAt());
    const { client, said } = speakingClient(server);
    await expect(client.fetchConfig()).resolves.toMatchObject({ node: { id: 1 } });
    await client.fetchSessions();
    expect(server.seen).toEqual([documentedConfig, 'GET /agent/jp1/sessions']);
    expect(said).toEqual(['documented']);
  });

  it.each<[string, Served]>([
    ['nothing', undefined],
    ['a 404 in JSON', { status: 404, json: { error: 'not found' } }],
    ['a web page', { text: '<!doctype html><p>Welcome' }],
    ['some other JSON', { json: { hello: 'world' } }],
    ['a 401 of whoever stands in front', { status: 401, text: 'no' }],
    ['a redirection', { status: 301, text: '' }],
    ['an envelope that says no', { status: 404, json: { code: 404, message: 'no such route' } }],
  ])('the moenet-core dialect is found where the documented path has %s', async (_name, served) => {
    const server = fakeServer(either(moenetCoreAt(), at('/agent/', served)));
    const { client, said } = speakingClient(server);
    await expect(client.fetchConfig()).resolves.toMatchObject({
      wireguard: { persistentKeepaliveSeconds: 25 },
    });
    expect((await client.fetchSessions()).map(listedStatus)[1]).toBe('active');
    expect(server.seen).toEqual([documentedConfig, moenetConfig, 'GET /api/v1/agent/jp1/sessions']);
    expect(said).toEqual(['moenet-core']);
  });

  it('the agent posts nothing before it knows the dialect', async () => {
    const server = fakeServer(() => undefined);
    const { client } = speakingClient(server);
    await expect(client.postModify(active)).rejects.toMatchObject({ kind: 'unknown-node' });
    expect(server.seen).toEqual([documentedConfig, moenetConfig]);
    server.serve = moenetCoreAt();
    await client.postModify(active);
    expect(server.posted('modify')).toEqual([{ uuid: 'abc-123', status: 2, interface: 'wg_24001' }]);
  });

  it('all who call at once wait for one answer', async () => {
    const server = fakeServer(moenetCoreAt());
    const { client, said } = speakingClient(server);
    await Promise.all([client.fetchConfig(), client.fetchMesh(), client.postModify(active)]);
    expect(server.seen.filter((request) => request.endsWith('/config'))).toEqual([
      documentedConfig,
      moenetConfig,
    ]);
    expect(said).toEqual(['moenet-core']);
  });

  it('a caller that stops waiting does not cancel the detection for the others', async () => {
    const server = fakeServer(documentedAt());
    const { client } = speakingClient(server);
    const abort = new AbortController();
    const impatient = client.fetchConfig(abort.signal);
    const patient = client.fetchMesh();
    abort.abort(new Error('stopping'));
    await expect(impatient).rejects.toThrow('stopping');
    await expect(patient).resolves.toMatchObject({ peers: [{ nodeId: 2 }] });
  });

  it('a control plane that is away is not asked at another path', async () => {
    const server = fakeServer(() => ({ status: 503, text: 'down' }));
    await expect(speakingClient(server).client.fetchConfig()).rejects.toMatchObject({ kind: 'server-error' });
    expect(server.seen).toEqual([documentedConfig]);
  });

  it('a token that is refused in an envelope gives the dialect away', async () => {
    const no = { status: 401, json: { code: 401, message: 'Unauthorized' } };
    const server = fakeServer(at('/api/v1/', no));
    const { client, said } = speakingClient(server);
    await expect(client.fetchConfig()).rejects.toMatchObject({
      kind: 'unauthorized',
      message: "GET config: 401, the control plane refuses this node's token (it says: Unauthorized)",
    });
    expect(said).toEqual(['moenet-core']);
  });

  it.each<[string, Serve, string]>([
    [
      'a refused token',
      at('/agent/', { status: 401, text: 'no' }),
      "401, the control plane refuses this node's token",
    ],
    [
      'a refused token',
      at('/api/v1/', { status: 403, text: 'no' }),
      "403, the control plane refuses this node's token",
    ],
    ['a wrong shape', at('/agent/', { json: [] }), 'the answer is a list, not an object'],
    ['no path at all', () => undefined, '404, the control plane does not know node jp1'],
  ])('the error that says most is told where neither answers: %s', async (_name, serve, words) => {
    const { client, said } = speakingClient(fakeServer(serve));
    await expect(client.fetchConfig()).rejects.toThrow(words);
    expect(said).toEqual([]);
  });
});

describe('where path and form contradict each other', () => {
  const enveloped = at('/agent/', { json: fixture('moenet-core/config.json') });

  it('the agent does not guess: the error asks the operator to set the dialect', async () => {
    const server = fakeServer(enveloped);
    const { client, said } = speakingClient(server);
    for (const call of [client.fetchConfig(), client.fetchSessions(), client.postModify(active)])
      await expect(call).rejects.toMatchObject({
        kind: 'other-dialect',
        message:
          'GET config: the answer at /agent/jp1/config comes in an envelope {code, message, data}, unlike the answers ' +
          'of the documented dialect; set bootstrap.dialect to the dialect that the control plane speaks',
      });
    expect(server.posted('modify')).toEqual([]);
    expect(said).toEqual([]);
  });

  it('nor from a bare configuration at the other path', async () => {
    const bare = at('/api/v1/', { json: fixture('documented/config.json') });
    await expect(speakingClient(fakeServer(bare)).client.fetchConfig()).rejects.toMatchObject({
      kind: 'other-dialect',
    });
  });

  it('accepts the other path where it has a configuration in its own dialect', async () => {
    const { client, said } = speakingClient(fakeServer(either(enveloped, moenetCoreAt())));
    await client.fetchConfig();
    expect(said).toEqual(['moenet-core']);
  });
});

describe('a base URL that ends in /api/v1', () => {
  const apiUrl = 'http://cp.example/api/v1/';

  it.each<['documented' | 'moenet-core', Serve]>([
    ['documented', documentedAt('/api/v1')],
    ['moenet-core', moenetCoreAt('/api/v1')],
  ])('has one path for both, and the form decides: %s', async (name, serve) => {
    const server = fakeServer(serve);
    const { client, said } = speakingClient(server, { apiUrl });
    await client.fetchConfig();
    await client.fetchMesh();
    expect(said).toEqual([name]);
    expect(new Set(server.seen)).toEqual(new Set([moenetConfig, 'GET /api/v1/agent/jp1/mesh']));
  });
});

describe('a dialect that the configuration fixes', () => {
  it('is not looked for', async () => {
    const server = fakeServer(either(documentedAt(), moenetCoreAt()));
    const { client, said } = speakingClient(server, { dialect: 'moenet-core' });
    await client.postModify(active);
    expect(server.seen).toEqual(['POST /api/v1/agent/jp1/modify']);
    expect(said).toEqual([]);
  });

  it('does not make an answer of another one readable, nor anything be posted after it', async () => {
    const server = fakeServer(at('/agent/', { json: fixture('moenet-core/sessions.json') }));
    const { client } = speakingClient(server, { dialect: 'documented' });
    await expect(client.fetchSessions()).rejects.toMatchObject({ kind: 'other-dialect' });
    await expect(client.postModify(active)).rejects.toMatchObject({ kind: 'other-dialect' });
    server.serve = documentedAt();
    await client.fetchSessions();
    await client.postModify(active);
    expect(server.posted('modify')).toMatchObject([{ status: 1 }]);
  });
});

describe('what was found', () => {
  it('is asked for first after a restart', async () => {
    const state = memoryState();
    const server = fakeServer(moenetCoreAt());
    await speakingClient(server, { state }).client.fetchConfig();
    server.seen.length = 0;
    const { client, said } = speakingClient(server, { state });
    await client.postModify(active);
    expect(server.seen).toEqual([moenetConfig, 'POST /api/v1/agent/jp1/modify']);
    expect(said).toEqual(['moenet-core']);
  });

  it('gives archived answers their own words, whatever is spoken since', async () => {
    const state = memoryState();
    const server = fakeServer(moenetCoreAt());
    const first = speakingClient(server, { state }).client;
    await first.fetchConfig();
    const fetched = await first.fetchSessions();
    server.serve = () => undefined;
    for (const dialect of ['auto', 'documented'] as const) {
      const { sessions } = await speakingClient(server, { state, dialect }).client.recall();
      expect(sessions).toEqual(fetched);
      expect(sessions?.map(listedStatus)[1]).toBe('active');
    }
  });

  it('is the documented dialect in answers that were archived before there was another', async () => {
    const state = memoryState();
    await state.write('answer-sessions', fixture('documented/sessions.json'));
    const { sessions } = await speakingClient(
      fakeServer(() => undefined),
      { state },
    ).client.recall();
    expect(sessions?.map(listedStatus)[1]).toBe('active');
  });
});
