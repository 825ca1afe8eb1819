import type { SessionStatus } from '../../core/model/session-status.js';
import type { Heartbeat, MeshPeerStatus, SessionMetrics, SessionReport } from '../../shell/ports.js';
import type { Call, Dialect, Endpoint, Speaker } from './dialect.js';
import { readRefusal } from './refusal.js';

/** The Agent Protocol as its document has it: `/agent/:router/...`, bodies without a wrapping. */
export const documented: Dialect = {
  name: 'documented',
  endpoint,
  unwrap,
  readStatus: (code) => words[code],
  modifyBody,
  heartbeatBody,
  reportBody: (sessions) => ({ sessions: sessions.map(sessionMetrics) }),
  meshStatusBody,
};

const words: readonly SessionStatus[] = [
  'disabled',
  'active',
  'error',
  'pending-review',
  'queued-for-setup',
  'queued-for-delete',
  'setup-failed',
];

// "Queued for delete: tear it down, then report 0." The last two have no number of their own here: a session that
// was torn down or rejected is one that does not run, which is 0 as well.
const numbers: Readonly<Record<SessionStatus, number>> = {
  disabled: 0,
  active: 1,
  error: 2,
  'pending-review': 3,
  'queued-for-setup': 4,
  'queued-for-delete': 5,
  'setup-failed': 6,
  deleted: 0,
  teardown: 0,
  rejected: 0,
};

const posts: ReadonlySet<Call> = new Set(['modify', 'heartbeat', 'report', 'mesh/status']);

function endpoint(call: Call, nodeName: string): Endpoint {
  if (call === 'health') return { method: 'GET', path: '/health' };
  return { method: posts.has(call) ? 'POST' : 'GET', path: `/agent/${encodeURIComponent(nodeName)}/${call}` };
}

// The document knows no wrapping; what stands before a control plane (a gateway, a newer version) refuses in one all
// the same. Most keys are optional: without this, a refusal reads as an answer that says nothing.
function unwrap(answer: unknown): ReturnType<Dialect['unwrap']> {
  const refusal = readRefusal(answer);
  return refusal === undefined ? { ok: true, data: answer } : { ok: false, refusal };
}

// The document's own examples have `error`, a control plane that is in use reads `lastError`.
function modifyBody({ uuid, status, interface: name, error }: SessionReport) {
  const failure = error === undefined ? {} : { error, lastError: error };
  return { uuid, status: numbers[status], interface: name, ...failure };
}

function heartbeatBody({ version, uptimeSeconds, meshPublicKey, ...rest }: Heartbeat) {
  return {
    version,
    uptime: Math.floor(uptimeSeconds),
    meshPublicKey,
    kernel: rest.kernel,
    loadAvg: rest.loadAverage.map((load) => load.toFixed(2)).join(' '),
    birdVersion: rest.birdVersion,
    withheldSessions: rest.withheldSessions,
  };
}

function sessionMetrics(metrics: SessionMetrics) {
  return {
    uuid: metrics.uuid,
    asn: metrics.asn,
    interface: metrics.interface,
    rtt: metrics.rttMs,
    loss: metrics.loss,
    rxBytes: metrics.rxBytes,
    txBytes: metrics.txBytes,
    routesImported: metrics.routesImported,
    routesExported: metrics.routesExported,
    bgpState: metrics.bgpState,
    bgpInfo: metrics.bgpInfo,
    protocols: metrics.protocols,
    latestHandshake: metrics.latestHandshakeSeconds,
  };
}

function meshStatusBody(peers: readonly MeshPeerStatus[], { nowMs }: Speaker) {
  const states = peers.map(({ nodeId, error }) => [
    nodeId,
    error === undefined ? 'configured' : `error: ${error}`,
  ]);
  return { timestamp: Math.floor(nowMs / 1000), peers: Object.fromEntries(states) };
}
