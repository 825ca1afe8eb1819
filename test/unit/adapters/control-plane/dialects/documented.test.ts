import { describe, expect, it } from 'vitest';
import type { Post } from '../../../../../src/adapters/control-plane/dialects/dialect.js';
import { documented } from '../../../../../src/adapters/control-plane/dialects/documented.js';
import { sessionId } from '../../../../../src/core/model/values/session-id.js';

const speaker = { nodeName: 'jp1', nowMs: 1_700_000_000_999 };
const uuid = sessionId.parse('abc-123');

describe('the documented dialect', () => {
  it.each([
    ['config', 'GET', '/agent/jp1/config'],
    ['sessions', 'GET', '/agent/jp1/sessions'],
    ['bird-config', 'GET', '/agent/jp1/bird-config'],
    ['mesh', 'GET', '/agent/jp1/mesh'],
    ['modify', 'POST', '/agent/jp1/modify'],
    ['heartbeat', 'POST', '/agent/jp1/heartbeat'],
    ['report', 'POST', '/agent/jp1/report'],
    ['mesh/status', 'POST', '/agent/jp1/mesh/status'],
    ['health', 'GET', '/health'],
  ] as const)('calls %s by %s %s', (call, method, path) => {
    expect(documented.endpoint(call, 'jp1')).toEqual({ method, path });
  });

  it.each([{ sessions: [] }, [], null, 'OK', { code: 0, message: 'ok' }, { code: 0, data: null }])(
    'takes %j as it comes',
    (answer) => {
      expect(documented.unwrap(answer)).toEqual({ ok: true, data: answer });
    },
  );

  it.each([
    { code: 0, message: 'Success', data: { bgpSessions: [] } },
    { code: '200', data: [] },
  ])("takes %j for another dialect's", (answer) => {
    expect(documented.unwrap(answer)).toEqual({
      ok: false,
      foreign: 'comes in an envelope {code, message, data}',
    });
  });

  it('has a word for 0 to 6 and for nothing else', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map(documented.readStatus)).toEqual([
      'disabled',
      'active',
      'error',
      'pending-review',
      'queued-for-setup',
      'queued-for-delete',
      'setup-failed',
    ]);
    expect([-1, 7, 8, 1.5, Number.NaN].map(documented.readStatus)).toEqual(Array(5).fill(undefined));
  });

  it.each([
    ['active', 1],
    ['error', 2],
    ['setup-failed', 6],
    ['deleted', 0],
  ] as const)('posts %s as %i', (status, number) => {
    const report = { uuid, status, interface: 'wg_24001', error: undefined };
    expect(documented.modify(report, speaker)).toEqual([
      { call: 'modify', body: { uuid, status: number, interface: 'wg_24001' } },
    ]);
  });

  it('posts an error under both names', () => {
    const report = { uuid, status: 'error', interface: undefined, error: 'no such host' } as const;
    expect(bodyOf(documented.modify(report, speaker))).toEqual({
      uuid,
      status: 2,
      error: 'no such host',
      lastError: 'no such host',
    });
  });

  it('posts a heartbeat with whole seconds', () => {
    const heartbeat = {
      version: '0.1.0',
      uptimeSeconds: 59.9,
      meshPublicKey: undefined,
      birdVersion: '2.0.12',
      kernel: '6.1.0',
      loadAverage: [0.1, 1, 12.345],
      network: undefined,
      withheldSessions: 0,
      problems: ['IPv4 forwarding is off'],
    } as const;
    expect(bodyOf(documented.heartbeat(heartbeat, speaker))).toEqual({
      version: '0.1.0',
      uptime: 59,
      kernel: '6.1.0',
      birdVersion: '2.0.12',
      loadAvg: '0.10 1.00 12.35',
      withheldSessions: 0,
      problems: ['IPv4 forwarding is off'],
    });
  });

  it('posts metrics, without a round-trip time where there is none', () => {
    const metrics = {
      uuid,
      asn: 4242421080,
      interface: 'wg_24001',
      protocols: ['dn42_4242421080'],
      bgpState: 'Established',
      bgpInfo: undefined,
      protocolStates: [{ name: 'dn42_4242421080', state: 'up', info: 'Established' }],
      pingTarget: 'fe80::2%wg_24001',
      rttMs: undefined,
      loss: 1,
      rxBytes: 1024000,
      txBytes: 512000,
      routesImported: 42,
      routesExported: 7,
      latestHandshakeSeconds: 1_700_000_000,
    };
    expect(bodyOf(documented.report([metrics], speaker))).toEqual({
      sessions: [
        {
          uuid,
          asn: 4242421080,
          interface: 'wg_24001',
          protocols: ['dn42_4242421080'],
          bgpState: 'Established',
          loss: 1,
          rxBytes: 1024000,
          txBytes: 512000,
          routesImported: 42,
          routesExported: 7,
          latestHandshake: 1_700_000_000,
        },
      ],
    });
    expect(bodyOf(documented.report([{ ...metrics, rttMs: 12.5 }], speaker))).toMatchObject({
      sessions: [{ rtt: 12.5 }],
    });
  });

  it('posts mesh peers by node id, at a time in seconds', () => {
    const peers = [
      { nodeId: 2, error: undefined },
      { nodeId: 3, error: 'no key yet' },
    ];
    expect(bodyOf(documented.meshStatus(peers, speaker))).toEqual({
      timestamp: 1_700_000_000,
      peers: { '2': 'configured', '3': 'error: no key yet' },
    });
  });
});

/** What arrives of the only request that there is. */
function bodyOf(posts: readonly Post[]): unknown {
  expect(posts).toHaveLength(1);
  return JSON.parse(JSON.stringify(posts[0]?.body));
}
