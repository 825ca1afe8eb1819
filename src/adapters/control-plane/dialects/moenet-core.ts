import type { SessionReport } from '../../../core/model/session-report.js';
import type { SessionStatus } from '../../../core/model/session-status.js';
import type { Heartbeat, NodeRtt, SessionMetrics } from '../../../shell/ports/control-plane.js';
import { oneLine } from '../redact.js';
import {
  type Call,
  type Dialect,
  type Endpoint,
  measuredFields,
  meshStates,
  type Post,
  type PostCall,
  type Speaker,
  type Unwrapped,
} from './dialect.js';
import { readEnvelope, saysYes } from './envelope.js';
import { toldProblems } from './told-problems.js';

/** Where the base URL has this at its end, it is not added to the paths once more. */
export const mountPoint = '/api/v1';

/** What MoeNet's control plane serves (docs/protocol.md): `/api/v1/agent/:router/...`, every answer in an envelope. */
export const moenetCore: Dialect = {
  name: 'moenet-core',
  enveloped: true,
  promisesAllKeys: true,
  endpoint,
  unwrap,
  readStatus: (code) => words[code],
  modify: (report) => [{ call: 'modify', body: modifyBody(report) }],
  observedEndpoint: (uuid, address) => [{ call: 'modify', body: { uuid, observedEndpoint: address } }],
  heartbeat: (heartbeat, speaker) => [
    // The first only says that the node is alive; the second carries all else, under the node's name in the body.
    { call: 'heartbeat', body: aliveBody(heartbeat) },
    { call: 'heartbeat-data', body: heartbeatBody(heartbeat, speaker) },
  ],
  report,
  nodeRtts,
  meshStatus: (peers, speaker) => [
    { call: 'mesh/status', body: { ...signed(speaker), peers: meshStates(peers) } },
  ],
};

// 0 is never in a list: a row that is deleted is gone.
const words: readonly (SessionStatus | undefined)[] = [
  undefined,
  'disabled',
  'active',
  'pending-review',
  'queued-for-setup',
  'queued-for-delete',
  'error',
  'teardown',
  'rejected',
];

// 0 destroys the row, so that nothing but `deleted` may become it. A session that was torn down (7) keeps its row and
// its status: nothing is reported of it.
const numbers: Readonly<Record<SessionStatus, number>> = {
  deleted: 0,
  disabled: 1,
  active: 2,
  'pending-review': 3,
  'queued-for-setup': 4,
  'queued-for-delete': 5,
  error: 6,
  'setup-failed': 6,
  teardown: 7,
  rejected: 8,
};

/** The error text's column holds no more, and a row that does not fit is a failed call. */
const maxErrorLength = 255;

/** Bodies above 1 MiB are refused. */
const maxRowsBytes = 1_000_000;

const posts: ReadonlySet<Call> = new Set<PostCall>(['modify', 'heartbeat', 'report', 'rtt', 'mesh/status']);

function endpoint(call: Call, nodeName: string): Endpoint {
  if (call === 'health') return { method: 'GET', path: '/health' };
  if (call === 'heartbeat-data') return { method: 'POST', path: `${mountPoint}/agent/heartbeat` };
  const path = `${mountPoint}/agent/${encodeURIComponent(nodeName)}/${call}`;
  return { method: posts.has(call) ? 'POST' : 'GET', path };
}

function unwrap(answer: unknown): Unwrapped {
  const envelope = readEnvelope(answer);
  if (envelope === undefined) return { ok: false, foreign: 'comes in no envelope {code, message, data}' };
  if (saysYes(envelope)) return { ok: true, data: envelope.data };
  return { ok: false, refusal: { code: envelope.code, message: envelope.message } };
}

function modifyBody({ uuid, status, interface: name, error }: SessionReport) {
  const lastError = error === undefined ? {} : { lastError: oneLine(error, maxErrorLength - 1) };
  return { uuid, status: numbers[status], interface: name, ...lastError };
}

function aliveBody({ version, uptimeSeconds, meshPublicKey }: Heartbeat) {
  return { version, uptime: Math.floor(uptimeSeconds), meshPublicKey };
}

// What is not known is left out, such as the public addresses of a node behind NAT.
function heartbeatBody({ version, uptimeSeconds, meshPublicKey, ...rest }: Heartbeat, speaker: Speaker) {
  const { node_id, timestamp } = signed(speaker);
  const status = {
    version,
    kernel: rest.kernel,
    loadAvg: rest.loadAverage.map((load) => load.toFixed(2)).join(' '),
    uptime: Math.floor(uptimeSeconds),
    timestamp,
    tx: rest.network?.txBytes,
    rx: rest.network?.rxBytes,
    tcp: rest.network?.tcpSockets,
    udp: rest.network?.udpSockets,
    meshPublicKey,
    publicIpv4: rest.publicIpv4,
    publicIpv6: rest.publicIpv6,
    birdVersion: rest.birdVersion,
    withheldSessions: rest.withheldSessions,
    problems: toldProblems(rest.problems),
  };
  return { node_id, agent_version: version, status };
}

/** The rows of BIRD's protocols, in as many bodies as they need, and the round-trip times where there are any. */
function report(sessions: readonly SessionMetrics[], speaker: Speaker): readonly Post[] {
  const { timestamp } = signed(speaker);
  const rows = splitRows(sessions.flatMap(protocolRows), maxRowsBytes);
  const measured = splitRows(sessions.flatMap(measurement), maxRowsBytes);
  return [
    ...(rows.length === 0 ? [[]] : rows).map(
      (part): Post => ({ call: 'report', body: { ...signed(speaker), sessions: part } }),
    ),
    ...measured.map((part): Post => ({ call: 'rtt', body: { measurements: part, timestamp } })),
  ];
}

// One row per protocol; a row without a state, which BIRD has not told then, is not stored.
function protocolRows({ protocolStates, ...metrics }: SessionMetrics): object[] {
  return protocolStates.map(({ name, state, info }) => ({
    name,
    state,
    info,
    type: 'bgp',
    ...measuredFields(metrics),
  }));
}

function measurement({ pingTarget, rttMs, loss = 0 }: SessionMetrics): object[] {
  return pingTarget === undefined || rttMs === undefined ? [] : [rttRow({ target: pingTarget, rttMs, loss })];
}

/** `loss` in percent. */
function rttRow({ target, rttMs, loss }: NodeRtt): object {
  return { target, rtt_ms: rttMs, loss: loss * 100 };
}

/** The control plane looks `target` up among its routers' loopbacks, and shows a matrix of latencies. */
function nodeRtts(rtts: readonly NodeRtt[], speaker: Speaker): readonly Post[] {
  const { timestamp } = signed(speaker);
  return splitRows(rtts.map(rttRow), maxRowsBytes).map((measurements) => ({
    call: 'rtt',
    body: { measurements, timestamp },
  }));
}

// The node goes by its name here, too; the time is in Unix seconds.
function signed({ nodeName, nowMs }: Speaker) {
  return { node_id: nodeName, timestamp: Math.floor(nowMs / 1000) };
}

/** Puts rows into lists whose JSON is at most `maxBytes` long each, in order; a row that is longer by itself stands alone. */
function splitRows<T>(rows: readonly T[], maxBytes: number): readonly (readonly T[])[] {
  const lists: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const rowBytes = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + rowBytes > maxBytes) {
      lists.push([]);
      bytes = 2;
    }
    lists.at(-1)?.push(row);
    bytes += rowBytes;
  }
  return lists;
}
