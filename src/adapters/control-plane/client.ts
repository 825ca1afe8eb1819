import type { ControlPlane } from '../../shell/ports/control-plane.js';
import { accountedExchange, type OnCall } from './accounted-exchange.js';
import { type Archive, noArchive } from './archive.js';
import type { Dialect, DialectName, GetCall, Post, Speaker } from './dialects/dialect.js';
import { allDialects } from './dialects/dialects.js';
import { readModifyAnswer } from './dialects/read-modify-answer.js';
import { findDrift, type OnDrift } from './drift.js';
import { createExchange, type ExchangeParts } from './exchange.js';
import { linkAbort } from './http/signal.js';
import { rememberCredentials } from './parse/complete-credentials.js';
import { type Answers, parseAnswer } from './parse/parse-answer.js';
import { parseConfig } from './parse/parse-config.js';
import { openSpokenDialect, type Spoken } from './spoken.js';

export interface ClientParts extends ExchangeParts {
  /** The possible dialects; with one, it is the one. */
  readonly dialects: readonly Dialect[];
  /** Where the last good answers are kept; without one nothing is. */
  readonly archive?: Archive;
  /** Called with the dialect that was found, and the one before. */
  readonly onDialect?: (found: DialectName, before: DialectName | undefined) => void;
  /** Called with the differences of each answer from the dialect. */
  readonly onDrift?: OnDrift;
  /** Called for each request that has ended. */
  readonly onCall?: OnCall;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Milliseconds since some moment, never going back. */
  readonly monotonic?: () => number;
}

type Make = (dialect: Dialect, speaker: Speaker) => readonly Post[];

/**
 * The calls of the Agent API over a transport, in the dialect that the control plane speaks. Each throws a
 * `ControlPlaneError` that names the call, or the signal's reason where the caller's signal ended it.
 */
export function createClient(parts: ClientParts): ControlPlane {
  const { transport, dialects, nodeName, archive = noArchive, now } = parts;
  const { onDialect = () => undefined, onDrift = () => undefined, onCall = () => undefined } = parts;
  const { monotonic = () => performance.now() } = parts;
  const exchange = accountedExchange(createExchange(parts), onCall, monotonic);
  const spokenDialect = openSpokenDialect({
    dialects,
    ask: (dialect) => exchange.fetch(dialect, 'config', checkedConfig, undefined),
    remembered: () => archive.read('config', (_data, name) => name),
    onFound: async ({ dialect, config }, before) => {
      if (dialect !== before) onDialect(dialect.name, before?.name);
      if (config !== undefined) await archive.keep('config', dialect.name, config);
    },
    monotonic,
  });

  const credentials = rememberCredentials();
  let isRecalled = false;

  /** Also after a restart, what was seen last is in the last good answer. */
  async function recallCredentials(): Promise<void> {
    if (!isRecalled) await archive.read('sessions', (data) => credentials.complete(data));
    isRecalled = true;
  }

  async function fetch<C extends GetCall>(call: C, signal: AbortSignal | undefined): Promise<Answers[C]> {
    const { spoken, config } = await spokenDialect.forReading(signal);
    if (call === 'config' && config !== undefined) {
      const parsed = parseAnswer(call, config, spoken.dialect);
      return taken(call, spoken.dialect, { came: config, data: config, parsed });
    }
    try {
      const answer = await ask(call, spoken.dialect, signal);
      spokenDialect.confirm(spoken);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      const other = await spokenDialect.suspect(spoken, error, signal);
      if (other === undefined) throw error;
      return await ask(call, other.dialect, signal);
    }
  }

  async function ask<C extends GetCall>(call: C, dialect: Dialect, signal: AbortSignal | undefined) {
    if (call === 'sessions') await recallCredentials();
    const read = (came: unknown) => {
      const data = call === 'sessions' ? credentials.complete(came) : came;
      return { came, data, parsed: parseAnswer(call, data, dialect) };
    };
    return taken(call, dialect, await exchange.fetch(dialect, call, read, signal));
  }

  async function taken<T>(
    call: GetCall,
    dialect: Dialect,
    { came, data, parsed }: { readonly came: unknown; readonly data: unknown; readonly parsed: T },
  ): Promise<T> {
    onDrift(call, findDrift(call, came, dialect));
    await archive.keep(call, dialect.name, data);
    return parsed;
  }

  /** Resolves to the answers of the requests. */
  async function post(make: Make, signal: AbortSignal | undefined): Promise<readonly unknown[]> {
    const spoken = await spokenDialect.forPosting(signal);
    try {
      return await tell(make, spoken, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const other = await spokenDialect.suspect(spoken, error, signal);
      if (other === undefined) throw error;
      // Posts that were accepted are sent again: in the previous dialect's words they may have meant something else.
      return await tell(make, other, signal);
    }
  }

  async function postAny(make: Make, signal: AbortSignal | undefined): Promise<boolean> {
    return (await post(make, signal)).length > 0;
  }

  async function tell(make: Make, spoken: Spoken, signal: AbortSignal | undefined): Promise<unknown[]> {
    // A request that waits, or waits for a retry, must not be sent any more while the dialect is in doubt.
    const abort = linkAbort(signal === undefined ? [spoken.over] : [signal, spoken.over]);
    try {
      const answers: unknown[] = [];
      for (const one of make(spoken.dialect, { nodeName, nowMs: now() }))
        answers.push(await exchange.post(spoken.dialect, one, abort.signal));
      return answers;
    } finally {
      abort.unlink();
    }
  }

  async function recall<C extends GetCall>(call: C): Promise<Answers[C] | undefined> {
    return archive.read(call, (data, name) => {
      const dialect = allDialects.find((candidate) => candidate.name === name);
      return dialect && parseAnswer(call, data, dialect);
    });
  }

  return {
    fetchConfig: (signal) => fetch('config', signal),
    fetchSessions: (signal) => fetch('sessions', signal),
    fetchBirdConfig: (signal) => fetch('bird-config', signal),
    fetchMesh: (signal) => fetch('mesh', signal),
    recall: async () => ({
      config: await recall('config'),
      sessions: await recall('sessions'),
      birdConfig: await recall('bird-config'),
      mesh: await recall('mesh'),
    }),
    postModify: async (report, signal) => {
      const [answer] = await post((dialect, speaker) => dialect.modify(report, speaker), signal);
      return readModifyAnswer(answer);
    },
    postObservedEndpoint: async (uuid, address, signal) => {
      const answers = await post((dialect) => dialect.observedEndpoint(uuid, address), signal);
      answers.forEach(readModifyAnswer);
      return answers.length > 0;
    },
    postHeartbeat: (beat, signal) => postAny((dialect, speaker) => dialect.heartbeat(beat, speaker), signal),
    postReport: (sessions, signal) =>
      postAny((dialect, speaker) => dialect.report(sessions, speaker), signal),
    postNodeRtts: (rtts, signal) => postAny((dialect, speaker) => dialect.nodeRtts(rtts, speaker), signal),
    postMeshStatus: (peers, signal) =>
      postAny((dialect, speaker) => dialect.meshStatus(peers, speaker), signal),
    checkHealth: (signal) => exchange.checkHealth(spokenDialect.any(), signal),
    endPause: () => transport.endPause(),
    close: () => transport.close(),
  };
}

/** Returns the answer as it came. Throws where it is no configuration. */
function checkedConfig(data: unknown): unknown {
  parseConfig(data);
  return data;
}
