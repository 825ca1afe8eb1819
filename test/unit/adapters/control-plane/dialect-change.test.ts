import { describe, expect, it, vi } from 'vitest';
import { listedStatus } from '../../../../src/core/model/session.js';
import { patiently } from '../../../patiently.js';
import {
  documentedAt,
  either,
  type FakeServer,
  fakeServer,
  moenetCoreAt,
  type Serve,
} from './fake-server.js';
import { fixture } from './fixture.js';
import { sendJson } from './loopback-server.js';
import { failureOf, open, serve } from './opened-client.js';
import { active, memoryState, speakingClient } from './speaking-client.js';

/** The other dialect at the paths of the first one: an upgrade behind an alias. */
const moenetCoreAtDocumentedPaths: Serve = ({ method, path }) => {
  const call = /^\/agent\/jp1\/(.*)$/.exec(path)?.[1];
  if (call === undefined) return undefined;
  return { json: method === 'POST' ? success : fixture(`moenet-core/${call}.json`) };
};
const success = { code: 0, message: 'Success', data: { updated: true } };

async function started(serve: Serve, options: Parameters<typeof speakingClient>[1] = {}) {
  const server = fakeServer(serve);
  const speaking = speakingClient(server, options);
  await speaking.client.fetchConfig();
  speaking.clock.ms += 60_000;
  return { server, ...speaking };
}

const configsAsked = ({ seen }: FakeServer) => seen.filter((request) => request.endsWith('/config')).length;

describe('a control plane that speaks another dialect after an upgrade', () => {
  it.each<[string, Serve, Serve, string]>([
    ['other paths', documentedAt(), moenetCoreAt(), 'documented → moenet-core'],
    ['other paths', moenetCoreAt(), documentedAt(), 'moenet-core → documented'],
    [
      'an alias at the old paths',
      documentedAt(),
      either(moenetCoreAtDocumentedPaths, moenetCoreAt()),
      'documented → moenet-core',
    ],
  ])('by %s is understood in the same call (%#)', async (_name, before, after, change) => {
    const state = memoryState();
    const { server, client, said } = await started(before, { state });
    server.serve = after;
    expect((await client.fetchSessions()).map(listedStatus).slice(0, 2)).toEqual([
      'queued-for-setup',
      'active',
    ]);
    expect(said).toHaveLength(2);
    expect(said[1]).toBe(change);
    await client.postModify(active);
    const found = change.endsWith('moenet-core') ? 'moenet-core' : 'documented';
    expect(server.posted('modify')).toMatchObject([{ status: found === 'moenet-core' ? 2 : 1 }]);
    expect(state.documents.get('answer-config')).toMatchObject({ dialect: found });
    expect(state.documents.get('answer-sessions')).toMatchObject({ dialect: found });
  });

  const apiUrl = 'http://cp.example/api/v1';

  it('is never read with the previous dialect’s numbers: documented 1 is active, moenet-core 1 is disabled', async () => {
    const { server, client, clock } = await started(moenetCoreAt(), { apiUrl });
    // The same path, and a server whose configuration cannot be had just now.
    server.serve = ({ path }) =>
      path.endsWith('/sessions') ? { json: fixture('documented/sessions.json') } : { status: 503, text: '' };
    await expect(client.fetchSessions()).rejects.toMatchObject({ kind: 'other-dialect' });
    clock.ms += 60_000;
    server.serve = documentedAt('/api/v1');
    expect((await client.fetchSessions()).map(listedStatus)[1]).toBe('active');
  });

  it('is never read with the previous dialect’s numbers in the other direction: 2 is error, and active', async () => {
    const { server, client, clock } = await started(documentedAt('/api/v1'), { apiUrl });
    server.serve = ({ path }) =>
      path.endsWith('/sessions') ? { json: fixture('moenet-core/sessions.json') } : { status: 503, text: '' };
    await expect(client.fetchSessions()).rejects.toMatchObject({ kind: 'other-dialect' });
    clock.ms += 60_000;
    server.serve = moenetCoreAt('/api/v1');
    expect((await client.fetchSessions()).map(listedStatus)[1]).toBe('active');
  });

  it('gets no post in the previous dialect’s numbers once the new dialect was seen', async () => {
    const { server, client, clock } = await started(documentedAt('/api/v1'), { apiUrl });
    server.serve = ({ path }) =>
      path.endsWith('/sessions') ? { json: fixture('moenet-core/sessions.json') } : { status: 503, text: '' };
    await expect(client.fetchSessions()).rejects.toThrow();
    await expect(client.postModify(active)).rejects.toMatchObject({ kind: 'other-dialect' });
    expect(server.posted('modify')).toEqual([]);
    clock.ms += 60_000;
    server.serve = moenetCoreAt('/api/v1');
    await client.postModify(active);
    expect(server.posted('modify')).toMatchObject([{ status: 2 }]);
  });

  it('ends posts that wait for a retry in the previous dialect’s numbers', async () => {
    const upgraded = moenetCoreAt('/api/v1');
    let serving = documentedAt('/api/v1');
    const server = await serve(async (response, { method, url }) => {
      if (method === 'POST') return sendJson(response, {}, 503);
      return sendJson(response, (await serving({ method, path: url, body: undefined }))?.json);
    });
    const controlPlane = open(`${server.url}/api/v1`, {
      dialect: 'auto',
      limits: { retries: 3, minRetryMs: 60_000, maxRetryMs: 60_000 },
    });
    await controlPlane.fetchConfig();
    const modify = failureOf(controlPlane.postModify(active));
    await vi.waitUntil(() => server.seen.some(({ method }) => method === 'POST'), patiently);
    serving = upgraded;
    await expect(controlPlane.fetchSessions()).rejects.toMatchObject({ kind: 'other-dialect' });
    expect(await modify).toMatchObject({ kind: 'other-dialect' });
    expect(server.seen.filter(({ method }) => method === 'POST')).toMatchObject([
      { body: expect.stringContaining('"status":1') },
    ]);
  });

  it('is not guessed at where path and form contradict each other', async () => {
    const { server, client, said } = await started(documentedAt());
    server.serve = moenetCoreAtDocumentedPaths;
    await expect(client.fetchSessions()).rejects.toThrow(
      'set bootstrap.dialect to the dialect that the control plane speaks',
    );
    await expect(client.postModify(active)).rejects.toThrow('bootstrap.dialect');
    expect(server.posted('modify')).toEqual([]);
    expect(said).toEqual(['documented']);
  });

  it.each<[string, Serve, Serve, string, number, number]>([
    ['has no such path any more', documentedAt(), moenetCoreAt(), '', 1, 2],
    ['has no such path any more', moenetCoreAt(), documentedAt(), '', 2, 1],
    ['took it in its own way', documentedAt('/api/v1'), moenetCoreAt('/api/v1'), '/api/v1', 1, 2],
  ])('and %s is told in the same call in its own numbers (%#)', async (...row) => {
    const [, before, after, mount, former, own] = row;
    const { server, client } = await started(before, { apiUrl: `http://cp.example${mount}` });
    server.serve = after;
    await client.postModify(active);
    expect(server.posted('modify')).toMatchObject([{ status: former }, { status: own }]);
  });

  it('gets posts that were under way again in its own dialect when another call detects it', async () => {
    const { server, client } = await started(documentedAt());
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.serve = async (asked) => {
      if (asked.path === '/agent/jp1/modify') await held;
      return moenetCoreAt()(asked);
    };
    const modify = client.postModify(active);
    await vi.waitUntil(() => server.posted('modify').length === 1, patiently);
    await client.fetchSessions();
    release();
    await modify;
    expect(server.posted('modify')).toMatchObject([{ status: 1 }, { status: 2 }]);
  });
});

describe('a control plane that has not changed', () => {
  it('is asked for its dialect less and less often, at last once a minute, while a path is missing', async () => {
    const withoutMesh: Serve = (asked) => (asked.path.endsWith('/mesh') ? undefined : documentedAt()(asked));
    const { server, client, clock, said } = await started(withoutMesh);
    const before = configsAsked(server);
    const asked = [0, 0, 0, 0];
    for (let second = 0; second < 480; second += 10, clock.ms += 10_000) {
      await expect(client.fetchMesh()).rejects.toMatchObject({ kind: 'unknown-node' });
      asked[Math.floor(second / 120)] = configsAsked(server) - before;
    }
    expect(asked).toEqual([4, 6, 8, 10]);
    await client.postModify(active);
    expect(said).toEqual(['documented']);
  });

  it('is not asked where it says in its own dialect that it has none', async () => {
    const no = { status: 404, json: { code: 404, message: 'No default BIRD policy configured' } };
    const { server, client } = await started((asked) =>
      asked.path.endsWith('/bird-config') ? no : moenetCoreAt()(asked),
    );
    const before = configsAsked(server);
    await expect(client.fetchBirdConfig()).rejects.toMatchObject({ kind: 'unknown-node' });
    expect(configsAsked(server)).toBe(before);
  });

  it('is trusted again as soon as an answer fits', async () => {
    const { server, client } = await started(documentedAt());
    server.serve = ({ path }) =>
      path.endsWith('/mesh') ? { json: fixture('moenet-core/mesh.json') } : { status: 503, text: '' };
    await expect(client.fetchMesh()).rejects.toThrow();
    await expect(client.postModify(active)).rejects.toThrow();
    server.serve = documentedAt();
    await client.fetchSessions();
    await client.postModify(active);
    expect(server.posted('modify')).toMatchObject([{ status: 1 }]);
  });

  it('keeps its dialect while no path answers', async () => {
    const { server, client } = await started(moenetCoreAt());
    server.serve = () => undefined;
    await expect(client.fetchSessions()).rejects.toMatchObject({ kind: 'unknown-node' });
    server.serve = moenetCoreAt();
    await expect(client.fetchSessions()).resolves.toHaveLength(5);
  });
});
