import type { ControlPlane } from '../../shell/ports.js';
import { createExchange, type ExchangeParts } from './exchange.js';
import { parseBirdConfig } from './parse-bird-config.js';
import { parseConfig } from './parse-config.js';
import { parseMesh } from './parse-mesh.js';
import { parseSessions } from './parse-sessions.js';

export interface ClientParts extends ExchangeParts {
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/**
 * The calls of the Agent API over a transport, in a dialect. Each throws a `ControlPlaneError` that names the call,
 * or the signal's reason where the caller's signal ended it.
 */
export function createClient(parts: ClientParts): ControlPlane {
  const { transport, dialect, nodeName, now } = parts;
  const { fetch, post } = createExchange(parts);
  const speaker = () => ({ nodeName, nowMs: now() });
  return {
    fetchConfig: (signal) => fetch('config', parseConfig, signal),
    fetchSessions: (signal) => fetch('sessions', (data) => parseSessions(data, dialect), signal),
    fetchBirdConfig: (signal) => fetch('bird-config', parseBirdConfig, signal),
    fetchMesh: (signal) => fetch('mesh', parseMesh, signal),
    postModify: (report, signal) => post('modify', dialect.modifyBody(report, speaker()), signal),
    postHeartbeat: (beat, signal) => post('heartbeat', dialect.heartbeatBody(beat, speaker()), signal),
    postReport: (sessions, signal) => post('report', dialect.reportBody(sessions, speaker()), signal),
    postMeshStatus: (peers, signal) => post('mesh/status', dialect.meshStatusBody(peers, speaker()), signal),
    checkHealth: (signal) => post('health', undefined, signal),
    close: () => transport.close(),
  };
}
