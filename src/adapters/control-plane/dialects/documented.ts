import type { SessionReport } from '../../../core/model/session-report.js';
import type { SessionStatus } from '../../../core/model/session-status.js';
import type { Heartbeat, SessionMetrics } from '../../../shell/ports/control-plane.js';
import { isRaw } from '../parse/json.js';
import {
  type Call,
  type Dialect,
  type Endpoint,
  measuredFields,
  meshStates,
  type PostCall,
  type Unwrapped,
} from './dialect.js';
import { readEnvelope, readRefusal, saysYes } from './envelope.js';
import { toldProblems } from './told-problems.js';

/** The documented dialect (docs/protocol.md): `/agent/:router/...`, bodies without an envelope. */
export const documented: Dialect = {
  name: 'documented',
  enveloped: false,
  promisesAllKeys: false,
  endpoint,
  unwrap,
  readStatus: (code) => words[code],
  modify: (report) => [{ call: 'modify', body: modifyBody(report) }],
  observedEndpoint: () => [],
  heartbeat: (heartbeat) => [{ call: 'heartbeat', body: heartbeatBody(heartbeat) }],
  report: (sessions) => [{ call: 'report', body: { sessions: sessions.map(sessionMetrics) } }],
  nodeRtts: () => [],
  meshStatus: (peers, { nowMs }) => [
    { call: 'mesh/status', body: { timestamp: Math.floor(nowMs / 1000), peers: meshStates(peers) } },
  ],
};

/** The same where the base URL ends in `/api/v1`, which another dialect takes for its own: a path prefix is kept. */
export function documentedBelow(mount: string): Dialect {
  if (mount === '') return documented;
  return {
    ...documented,
    endpoint: (call, nodeName) => {
      const { method, path } = endpoint(call, nodeName);
      return { method, path: mount + path };
    },
  };
}

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

const posts: ReadonlySet<Call> = new Set<PostCall>(['modify', 'heartbeat', 'report', 'mesh/status']);

function endpoint(call: Call, nodeName: string): Endpoint {
  if (call === 'health') return { method: 'GET', path: '/health' };
  return { method: posts.has(call) ? 'POST' : 'GET', path: `/agent/${encodeURIComponent(nodeName)}/${call}` };
}

// This dialect has no envelope; what stands before a control plane (a gateway, a newer version) refuses in one all
// the same. Most keys are optional: without this, a refusal reads as an answer that says nothing. Data in an envelope is
// another dialect's, with numbers that mean something else.
function unwrap(answer: unknown): Unwrapped {
  const refusal = readRefusal(answer);
  if (refusal !== undefined) return { ok: false, refusal };
  const envelope = readEnvelope(answer);
  if (envelope === undefined || !saysYes(envelope) || !hasContent(envelope.data))
    return { ok: true, data: answer };
  return { ok: false, foreign: 'comes in an envelope {code, message, data}' };
}

function hasContent(data: unknown): boolean {
  return isRaw(data) || Array.isArray(data);
}

// The published examples have `error`, a control plane that is in use reads `lastError`.
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
    problems: toldProblems(rest.problems),
  };
}

function sessionMetrics(metrics: SessionMetrics) {
  return {
    ...measuredFields(metrics),
    bgpState: metrics.bgpState,
    bgpInfo: metrics.bgpInfo,
    protocols: metrics.protocols,
    latestHandshake: metrics.latestHandshakeSeconds,
  };
}
