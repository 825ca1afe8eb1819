import type { NodeStatus } from '../../src/shell/status/status.js';
import { goodSession, goodStatus } from './node-status.js';

/** A status in which each metric has a value. */
export const fullStatus: NodeStatus = {
  ...goodStatus,
  troubles: { needsYou: 1, working: 0, peerSide: 1 },
  controlPlane: { ...goodStatus.controlPlane, updatesWaiting: 3 },
  lastPass: { atSeconds: 1_700_000_010, durationMs: 35, changes: 4, failures: 1, planned: 5, putOff: 2 },
  refusedRoutes: [
    { reason: 'roa_invalid', count: 3 },
    { reason: 'other', count: 1 },
  ],
  system: {
    protocols: [
      { name: 'moenet_kernel_v4', type: 'kernel', state: 'down', isUp: false },
      { name: 'device1', type: 'device', state: 'up', isUp: true },
    ],
    kernel: [{ family: 'ipv4', protocols: ['moenet_kernel_v4'], isUp: false, exported: 0 }],
    caches: [{ name: 'akae', state: 'Established', isUp: true, roas: 3021 }],
    savedRoas: { atSeconds: 1_700_000_000, count: 3020, isUsed: false },
    forwarding: { ipv4: true, ipv6: false },
    strictRpFilter: ['wg_1', 'wg_2'],
    ipv6Disabled: ['wg_1'],
    repaired: [],
  },
  sessions: [
    {
      ...goodSession,
      limitsHit: 1,
      trouble: { kind: 'needs-you', words: 'the receive limit of 9000 IPv4 routes blocks routes' },
      tunnel: {
        present: true,
        handshakeSecondsAgo: 42,
        handshakeAtSeconds: 1_699_999_978,
        rxBytes: 1_234_567,
        txBytes: 999,
      },
    },
  ],
  mesh: [
    {
      nodeId: 2,
      name: 'de1',
      interface: 'dn42-wg-igp-2',
      tunnel: {
        present: true,
        handshakeSecondsAgo: 5,
        handshakeAtSeconds: 1_700_000_015,
        rxBytes: 2048,
        txBytes: 1024,
      },
      bgp: 'Active',
      rttMs: 230.1,
      loss: 0.5,
      trouble: { kind: 'peer-side', words: 'no WireGuard handshake' },
    },
  ],
};
