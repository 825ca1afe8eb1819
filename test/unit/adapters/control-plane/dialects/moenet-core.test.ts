import { describe, expect, it } from 'vitest';
import type { Post } from '../../../../../src/adapters/control-plane/dialects/dialect.js';
import { moenetCore } from '../../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { sessionId } from '../../../../../src/core/model/values/session-id.js';
import type { SessionMetrics } from '../../../../../src/shell/ports/control-plane.js';

const speaker = { nodeName: 'jp1', nowMs: 1_700_000_000_999 };
const uuid = sessionId.parse('abc-123');

/** What arrives. */
function wire(posts: readonly Post[]): readonly Post[] {
  return JSON.parse(JSON.stringify(posts));
}

const metrics: SessionMetrics = {
  uuid,
  asn: 4242421080,
  interface: 'dn42_4242421080',
  protocols: ['dn42_4242421080'],
  bgpState: 'Established',
  bgpInfo: 'Established',
  protocolStates: [{ name: 'dn42_4242421080', state: 'up', info: 'Established' }],
  pingTarget: 'fe80::1080%dn42_4242421080',
  rttMs: 12.5,
  loss: 0.25,
  rxBytes: 1024000,
  txBytes: 512000,
  routesImported: 42,
  routesExported: 7,
  latestHandshakeSeconds: 1_700_000_000,
};

describe('the moenet-core dialect', () => {
  it.each([
    ['config', 'GET', '/api/v1/agent/jp1/config'],
    ['sessions', 'GET', '/api/v1/agent/jp1/sessions'],
    ['bird-config', 'GET', '/api/v1/agent/jp1/bird-config'],
    ['mesh', 'GET', '/api/v1/agent/jp1/mesh'],
    ['modify', 'POST', '/api/v1/agent/jp1/modify'],
    ['heartbeat', 'POST', '/api/v1/agent/jp1/heartbeat'],
    ['heartbeat-data', 'POST', '/api/v1/agent/heartbeat'],
    ['report', 'POST', '/api/v1/agent/jp1/report'],
    ['rtt', 'POST', '/api/v1/agent/jp1/rtt'],
    ['mesh/status', 'POST', '/api/v1/agent/jp1/mesh/status'],
    ['health', 'GET', '/health'],
  ] as const)('calls %s by %s %s', (call, method, path) => {
    expect(moenetCore.endpoint(call, 'jp1')).toEqual({ method, path });
  });

  it('has a word for 1 to 8 and for nothing else', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(moenetCore.readStatus)).toEqual([
      'disabled',
      'active',
      'pending-review',
      'queued-for-setup',
      'queued-for-delete',
      'error',
      'teardown',
      'rejected',
    ]);
    expect([-1, 0, 9, 1.5, Number.NaN].map(moenetCore.readStatus)).toEqual(Array(5).fill(undefined));
  });

  it.each([
    ['active', 2],
    ['error', 6],
    ['setup-failed', 6],
    ['deleted', 0],
    ['disabled', 1],
    ['teardown', 7],
    ['rejected', 8],
  ] as const)('posts %s as %i', (status, number) => {
    const report = { uuid, status, interface: 'wg_24001', error: undefined };
    expect(moenetCore.modify(report, speaker)).toEqual([
      { call: 'modify', body: { uuid, status: number, interface: 'wg_24001' } },
    ]);
  });

  it('posts an error under its one name, in one line that its column holds', () => {
    const error = `no such host\n${'x'.repeat(1000)}`;
    const posts = moenetCore.modify({ uuid, status: 'setup-failed', interface: 'wg_1', error }, speaker);
    const lastError = `no such host ${'x'.repeat(241)}…`;
    expect(lastError).toHaveLength(255);
    expect(posts).toEqual([{ call: 'modify', body: { uuid, status: 6, interface: 'wg_1', lastError } }]);
  });

  it('posts a heartbeat twice: alive by path, all that is known by name', () => {
    const beat = {
      version: '0.1.0',
      uptimeSeconds: 59.9,
      meshPublicKey: 'key',
      birdVersion: '2.0.12',
      kernel: '6.1.0',
      loadAverage: [0.1, 1, 12.345],
      network: { rxBytes: 5, txBytes: 6, tcpSockets: 7, udpSockets: 8 },
      publicIpv4: '203.0.113.5',
      publicIpv6: '2001:db8::5',
      withheldSessions: 0,
      problems: ['IPv4 forwarding is off'],
    } as const;
    expect(moenetCore.heartbeat(beat, speaker)).toEqual([
      { call: 'heartbeat', body: { version: '0.1.0', uptime: 59, meshPublicKey: 'key' } },
      {
        call: 'heartbeat-data',
        body: {
          node_id: 'jp1',
          agent_version: '0.1.0',
          status: {
            version: '0.1.0',
            kernel: '6.1.0',
            loadAvg: '0.10 1.00 12.35',
            uptime: 59,
            timestamp: 1_700_000_000,
            publicIpv4: '203.0.113.5',
            publicIpv6: '2001:db8::5',
            tx: 6,
            rx: 5,
            tcp: 7,
            udp: 8,
            meshPublicKey: 'key',
            birdVersion: '2.0.12',
            withheldSessions: 0,
            problems: ['IPv4 forwarding is off'],
          },
        },
      },
    ]);
    const known = 'version,kernel,loadAvg,uptime,timestamp,birdVersion,withheldSessions,problems';
    const unknown = {
      ...beat,
      publicIpv4: undefined,
      publicIpv6: undefined,
      network: undefined,
      meshPublicKey: undefined,
    };
    expect(wire(moenetCore.heartbeat(unknown, speaker))[1]).toMatchObject({
      body: { status: expect.toSatisfy((status: object) => Object.keys(status).join() === known) },
    });
  });

  it("reports a row for each of BIRD's protocols, and the round-trip times apart", () => {
    const two = {
      ...metrics,
      protocolStates: [
        { name: 'dn42_4242421080_v4', state: 'up', info: 'Established' },
        { name: 'dn42_4242421080_v6', state: 'start', info: 'Active' },
      ],
    };
    const row = {
      type: 'bgp',
      uuid,
      asn: 4242421080,
      interface: 'dn42_4242421080',
      rtt: 12.5,
      loss: 0.25,
      rxBytes: 1024000,
      txBytes: 512000,
      routesImported: 42,
      routesExported: 7,
    };
    expect(moenetCore.report([two], speaker)).toEqual([
      {
        call: 'report',
        body: {
          node_id: 'jp1',
          timestamp: 1_700_000_000,
          sessions: [
            { ...row, name: 'dn42_4242421080_v4', state: 'up', info: 'Established' },
            { ...row, name: 'dn42_4242421080_v6', state: 'start', info: 'Active' },
          ],
        },
      },
      {
        call: 'rtt',
        body: {
          timestamp: 1_700_000_000,
          measurements: [{ target: 'fe80::1080%dn42_4242421080', rtt_ms: 12.5, loss: 25 }],
        },
      },
    ]);
  });

  it('reports no row that BIRD has not told the state of, and no time that was not measured', () => {
    const silent = { ...metrics, protocolStates: [], rttMs: undefined };
    for (const sessions of [[], [silent]])
      expect(moenetCore.report(sessions, speaker)).toMatchObject([
        { call: 'report', body: { sessions: [] } },
      ]);
  });

  it('splits a report that would be larger than 1 MiB, and loses no row', () => {
    const count = 9000;
    const many = Array.from({ length: count }, (_, index) => ({
      ...metrics,
      protocolStates: [{ name: `dn42_${index}`, state: 'start', info: 'Ä'.repeat(100) }],
    }));
    const posts = moenetCore.report(many, speaker);
    for (const { body } of posts) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(1024 * 1024);
    const rows = posts.flatMap(({ call, body }) =>
      call === 'report' ? (body as { sessions: { name: string }[] }).sessions.map(({ name }) => name) : [],
    );
    expect(posts.filter(({ call }) => call === 'report').length).toBeGreaterThan(2);
    expect(rows).toEqual(many.map(({ protocolStates }) => protocolStates[0]?.name));
  });

  it('posts mesh peers by node id, under its name and at a time in seconds', () => {
    const peers = [
      { nodeId: 2, error: undefined },
      { nodeId: 3, error: 'no key yet' },
    ];
    expect(moenetCore.meshStatus(peers, speaker)).toEqual([
      {
        call: 'mesh/status',
        body: {
          node_id: 'jp1',
          timestamp: 1_700_000_000,
          peers: { 2: 'configured', 3: 'error: no key yet' },
        },
      },
    ]);
  });

  it.each([
    [
      { code: 0, message: 'Success', data: { a: 1 } },
      { ok: true, data: { a: 1 } },
    ],
    [
      { code: '0', message: null, data: [] },
      { ok: true, data: [] },
    ],
    [{ code: 200 }, { ok: true, data: undefined }],
    [
      { code: 422, message: 'no', data: {} },
      { ok: false, refusal: { code: 422, message: 'no' } },
    ],
    [{ bgpSessions: [] }, { ok: false, foreign: 'comes in no envelope {code, message, data}' }],
    [[], { ok: false, foreign: 'comes in no envelope {code, message, data}' }],
    [
      { code: 'OK', data: {} },
      { ok: false, foreign: 'comes in no envelope {code, message, data}' },
    ],
  ])('takes %j out of its envelope', (answer, unwrapped) => {
    expect(moenetCore.unwrap(answer)).toEqual(unwrapped);
  });
});
