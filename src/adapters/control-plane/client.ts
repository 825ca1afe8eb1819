import type { ControlPlane } from '../../shell/ports.js';
import { type Archive, noArchive } from './archive.js';
import type { Call } from './dialect.js';
import { createExchange, type ExchangeParts } from './exchange.js';
import { parseBirdConfig } from './parse-bird-config.js';
import { parseConfig } from './parse-config.js';
import { parseMesh } from './parse-mesh.js';
import { parseSessions } from './parse-sessions.js';

export interface ClientParts extends ExchangeParts {
  readonly archive?: Archive;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/**
 * The calls of the Agent API over a transport, in a dialect. Each throws a `ControlPlaneError` that names the call,
 * or the signal's reason where the caller's signal ended it.
 */
export function createClient(parts: ClientParts): ControlPlane {
  const { transport, dialect, nodeName, archive = noArchive, now } = parts;
  const { fetch, post } = createExchange(parts);
  const speaker = () => ({ nodeName, nowMs: now() });
  const readSessions = (data: unknown) => parseSessions(data, dialect);

  async function fetchAndKeep<T>(call: Call, parse: (data: unknown) => T, signal: AbortSignal | undefined) {
    const answer = await fetch(call, (data) => ({ data, parsed: parse(data) }), signal);
    await archive.keep(call, answer.data);
    return answer.parsed;
  }

  return {
    fetchConfig: (signal) => fetchAndKeep('config', parseConfig, signal),
    fetchSessions: (signal) => fetchAndKeep('sessions', readSessions, signal),
    fetchBirdConfig: (signal) => fetchAndKeep('bird-config', parseBirdConfig, signal),
    fetchMesh: (signal) => fetchAndKeep('mesh', parseMesh, signal),
    recall: async () => ({
      config: await archive.read('config', parseConfig),
      sessions: await archive.read('sessions', readSessions),
      birdConfig: await archive.read('bird-config', parseBirdConfig),
      mesh: await archive.read('mesh', parseMesh),
    }),
    postModify: (report, signal) => post('modify', dialect.modifyBody(report, speaker()), signal),
    postHeartbeat: (beat, signal) => post('heartbeat', dialect.heartbeatBody(beat, speaker()), signal),
    postReport: (sessions, signal) => post('report', dialect.reportBody(sessions, speaker()), signal),
    postMeshStatus: (peers, signal) => post('mesh/status', dialect.meshStatusBody(peers, speaker()), signal),
    checkHealth: (signal) => post('health', undefined, signal),
    endPause: () => transport.endPause(),
    close: () => transport.close(),
  };
}
