import type { MeshRow, NodeStatus, SessionRow } from '../../src/shell/status/status.js';
import { goodSession, goodStatus } from '../fakes/node-status.js';

const names = [
  'Example Net',
  'Kioubit',
  'Burble',
  'Lan Tian',
  'iEdon-Net',
  'Potat0',
  'SUNNET',
  'Bandura',
  'Tech9',
];

/** What a neighbor may have called itself: markup, a script, text that turns around, and very long. */
export const hostileName = '<img src=x onerror=alert(1)>"\u202e<script>evil()</script>';

/** A node with this many sessions, of which some do not work, and three nodes of ours. The same for the same number. */
export function nodeWith(count: number): NodeStatus {
  const sessions = Array.from({ length: count }, (_, index) => sessionOf(index));
  const troubled = sessions.filter(({ trouble }) => trouble?.kind === 'needs-you');
  return {
    ...goodStatus,
    agent: { ...goodStatus.agent, uptimeSeconds: 431_000 },
    health: troubled.length > 0 ? 'degraded' : 'ok',
    problems: troubled.map(({ uuid, asn, trouble }) => `session ${uuid} (AS${asn}): ${trouble?.words}`),
    troubles: {
      needsYou: troubled.length,
      working: sessions.filter(({ trouble }) => trouble?.kind === 'working').length,
      peerSide: sessions.filter(({ trouble }) => trouble?.kind === 'peer-side').length,
    },
    notes: ['the agent leaves the interface wg_old alone: it does not carry its mark'],
    system: {
      protocols: [{ name: 'kernel4', type: 'kernel', state: 'up', isUp: true }],
      kernel: [
        { family: 'ipv4', protocols: ['kernel4'], isUp: true, exported: 812 },
        { family: 'ipv6', protocols: ['kernel6'], isUp: true, exported: 774 },
      ],
      caches: [{ name: 'rpki1', isUp: true, state: 'Established', roas: 3214 }],
      forwarding: { ipv4: true, ipv6: true },
      strictRpFilter: [],
      ipv6Disabled: [],
      repaired: [],
    },
    sessions,
    mesh: [meshOf(2, 'de1', 228), meshOf(3, 'us1', 131), meshOf(4, 'sg1', 68.4)],
  };
}

function meshOf(nodeId: number, name: string, rttMs: number): MeshRow {
  return {
    nodeId,
    name,
    interface: `dn42-wg-igp-${nodeId}`,
    tunnel: {
      present: true,
      endpoint: '203.0.113.2:51821',
      handshakeSecondsAgo: 5,
      rxBytes: 9_412_048_000 / nodeId,
      txBytes: 5_102_024_000 / nodeId,
    },
    bgp: 'Established',
    rttMs,
    loss: 0,
  };
}

function sessionOf(index: number): SessionRow {
  const asn = 4_242_420_000 + ((index * 7919) % 3999);
  const rttMs = Math.round((3 + ((index * 37) % 240) * (index % 5 === 0 ? 0.1 : 1)) * 10) / 10;
  const base: SessionRow = {
    ...goodSession,
    uuid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    asn,
    description: index === 3 ? hostileName : `AS${asn} - ${names[index % names.length]} ${index}`,
    interface: `dn42_${asn}`,
    bgp: { protocols: [`dn42_${asn}`], state: 'Established', since: '08:12:44', info: 'Established' },
    rttMs,
    loss: index % 31 === 0 ? 0.25 : 0,
    rttHistory: Array.from({ length: 20 }, (_, n) =>
      n === 6 && index % 31 === 0 ? null : rttMs * (1 + 0.2 * Math.sin(index + n)),
    ),
    routesImported: (index * 53) % 900,
    routesExported: 800 + (index % 40),
    routesRefused: index % 9 === 0 ? index % 23 : 0,
    flaps: index % 17 === 0 ? 1 + (index % 4) : 0,
    tunnel: {
      present: true,
      endpoint: '198.51.100.7:51820',
      handshakeSecondsAgo: 3 + ((index * 13) % 150),
      rxBytes: (index * 9_811_713) % 2_000_000_000,
      txBytes: (index * 4_811_713) % 1_000_000_000,
    },
  };
  if (index % 37 === 5) return waiting(base);
  if (index % 61 === 7)
    return {
      ...base,
      state: 'error',
      error: 'BIRD refuses the file',
      trouble: {
        kind: 'needs-you',
        words: 'BIRD refuses the file dn42.conf: syntax error, unexpected CF_SYM_UNDEFINED',
        next: 'tried 7 times, now once an hour, next try in 43 min',
      },
    };
  if (index % 73 === 11)
    return {
      ...waiting(base),
      trouble: { kind: 'working', words: 'BGP went down 3 min ago', next: 'BIRD dials again in 20 s' },
    };
  return base;
}

function waiting(row: SessionRow): SessionRow {
  const { rttMs: _, ...rest } = row;
  return {
    ...rest,
    state: 'waiting',
    bgp: {
      protocols: [row.interface ?? ''],
      state: 'Active',
      since: '09:20:11',
      info: 'Socket: Connection refused',
    },
    tunnel: { present: true, rxBytes: 0, txBytes: 44_148 },
    loss: 1,
    rttHistory: [null, null, null],
    routesImported: 0,
    routesExported: 0,
    trouble: {
      kind: 'peer-side',
      words:
        '198.51.100.7:51820 answers no WireGuard handshake: it is down, a firewall is in the way, or a key is wrong at one end: BGP is Active (Socket: Connection refused); no WireGuard handshake yet',
    },
  };
}
