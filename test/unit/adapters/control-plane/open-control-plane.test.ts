import { describe, expect, it } from 'vitest';
import { noArchive } from '../../../../src/adapters/control-plane/archive.js';
import { openControlPlane } from '../../../../src/adapters/control-plane/open-control-plane.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { sendJson } from './loopback-server.js';
import { closedAfterTest, noSessions, open, serve, token } from './opened-client.js';

describe('a request', () => {
  it('goes to the path below the prefix of the base URL, with the token', async () => {
    const server = await serve(noSessions);
    await open(`${server.url}/some/prefix/`, { nodeName: 'a/b c' }).fetchSessions();
    expect(server.seen).toMatchObject([
      {
        method: 'GET',
        url: '/some/prefix/agent/a%2Fb%20c/sessions',
        headers: { authorization: `Bearer ${token}` },
      },
    ]);
  });

  it('goes without the token where it is no agent call', async () => {
    const server = await serve((response) => sendJson(response, { status: 'ok' }));
    await open(server.url).checkHealth();
    expect(server.seen).toMatchObject([{ url: '/health' }]);
    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('uses one of few connections', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((response) => {
      ports.add(response.socket?.remotePort);
      sendJson(response, { sessions: [] });
    });
    const controlPlane = open(server.url);
    await Promise.all(Array.from({ length: 20 }, () => controlPlane.fetchSessions()));
    expect(ports.size).toBeLessThanOrEqual(4);
  });

  it('takes 1,000 sessions within the default limits', async () => {
    const session = (number: number) => ({
      uuid: `session-${number}`,
      asn: 4242420000 + number,
      status: 1,
      description: 'x'.repeat(500),
      ipv6LinkLocal: 'fe80::1',
      interface: `wg_${number}`,
      port: 20000 + number,
      credential: 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=',
    });
    const server = await serve((response) =>
      sendJson(response, { sessions: Array.from({ length: 1000 }, (_, n) => session(n)) }),
    );
    const controlPlane = closedAfterTest(
      openControlPlane({
        apiUrl: server.url,
        nodeName: 'jp1',
        token: new Secret(token),
        requestsPerMinute: 240,
        archive: noArchive,
        dialect: 'documented',
      }),
    );
    const sessions = await controlPlane.fetchSessions();
    expect(sessions.filter((entry) => entry.kind === 'session')).toHaveLength(1000);
  });
});
