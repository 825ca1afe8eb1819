import type { NodeStatus, SessionRow } from '../../src/shell/status/status.js';

/** A session that works in every respect. */
export const goodSession: SessionRow = {
  uuid: 'a1',
  asn: 4242421080,
  description: 'example',
  interface: 'dn42_4242421080',
  status: 'active',
  state: 'ok',
  tunnel: {
    present: true,
    endpoint: '198.51.100.7:51820',
    handshakeSecondsAgo: 42,
    rxBytes: 1_234_567,
    txBytes: 999,
  },
  bgp: { protocols: ['dn42_4242421080'], state: 'Established', since: '12:00:01', info: 'Established' },
  flaps: 0,
  rttMs: 12.46,
  loss: 0,
  rttHistory: [12, 12.4, null, 14],
  latencyTier: 2,
  routesImported: 812,
  routesExported: 3,
  routesRefused: 4,
  error: undefined,
  retry: undefined,
};

/** A session that is configured while its neighbor does not answer. */
const waitingSession: SessionRow = {
  ...goodSession,
  uuid: 'b2',
  asn: 4242422222,
  interface: 'wg_24002',
  state: 'waiting',
  tunnel: { present: true, endpoint: undefined, handshakeSecondsAgo: undefined, rxBytes: 0, txBytes: 148 },
  bgp: { protocols: ['dn42_4242422222'], state: 'Active', since: '12:00:01', info: 'Active' },
  flaps: 0,
  rttMs: undefined,
  loss: 1,
  rttHistory: [],
  latencyTier: undefined,
  routesImported: 0,
  routesExported: 0,
  routesRefused: 0,
  trouble: { kind: 'peer-side', words: 'BGP is Active; no WireGuard handshake yet' },
};

/** A session that the agent does not configure, and why. */
const refusedSession: SessionRow = {
  uuid: 'c3',
  asn: undefined,
  description: undefined,
  interface: undefined,
  status: undefined,
  state: 'refused',
  tunnel: undefined,
  bgp: undefined,
  flaps: 0,
  rttMs: undefined,
  latencyTier: undefined,
  routesImported: undefined,
  routesExported: undefined,
  error: 'mtu: 40 is not an MTU from 1280 to 9000',
  trouble: { kind: 'needs-you', words: 'mtu: 40 is not an MTU from 1280 to 9000' },
  retry: undefined,
};

/** A healthy node with one session and one mesh peer. */
export const goodStatus: NodeStatus = {
  agent: { version: '0.1.0', pid: 4711, node: 'jp1', uptimeSeconds: 11_520 },
  health: 'ok',
  problems: [],
  controlPlane: {
    url: 'https://api.example.net',
    reachable: true,
    lastAnswerSeconds: 1_700_000_000,
    error: undefined,
  },
  bird: { running: true, version: '2.0.12', reason: undefined },
  maintenance: undefined,
  withheld: [],
  pass: { completedSecondsAgo: 12, runningSeconds: undefined },
  lastPass: { atSeconds: 1_700_000_010, durationMs: 35, changes: 0, failures: 0 },
  sessions: [goodSession],
  mesh: [
    {
      nodeId: 2,
      name: 'de1',
      interface: 'dn42-wg-igp-2',
      tunnel: {
        present: true,
        endpoint: '203.0.113.2:51821',
        handshakeSecondsAgo: 5,
        rxBytes: 2048,
        txBytes: 1024,
      },
      rttMs: 230.1,
      error: undefined,
      retry: undefined,
    },
  ],
};

/** The same node with the control plane away, BIRD down and two sessions that do not work. */
export const badStatus: NodeStatus = {
  ...goodStatus,
  health: 'degraded',
  troubles: { needsYou: 1, working: 0, peerSide: 1 },
  problems: ['the control plane does not answer: HTTP 503', 'BIRD does not run', 'session c3: mtu: 40'],
  controlPlane: { ...goodStatus.controlPlane, reachable: false, error: 'HTTP 503' },
  bird: { running: false, version: undefined, reason: 'connect ENOENT /run/bird/bird.ctl' },
  lastPass: { atSeconds: 1_700_000_010, durationMs: 1250, changes: 2, failures: 1 },
  sessions: [goodSession, waitingSession, refusedSession],
};
