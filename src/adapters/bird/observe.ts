import { babelName } from '../../core/model/names.js';
import type { BirdGlance, BirdProtocol, ObservedBird, SilentBird } from '../../core/model/observed.js';
import { parseProtocols, parseStatus, parseUndoSeconds } from './parse.js';
import { parseBabelNeighbors } from './parse-babel.js';
import type { BirdConnection, BirdSocketOptions } from './socket/socket.js';
import { BirdSocketError } from './socket/socket-error.js';
import { withBird } from './socket/with-bird.js';

/** Reads BIRD's version, what it has on trial, and all its protocols over one connection. Throws only the signal's reason. */
export function observeBird(options: BirdSocketOptions, signal?: AbortSignal): Promise<ObservedBird> {
  return unlessSilent(options, signal, async (bird) => {
    const { version, routerId, recovering } = parseStatus(await bird.ask('show status', signal));
    const undoSeconds = parseUndoSeconds(await bird.ask('configure status', signal));
    const protocols = parseProtocols(await bird.ask('show protocols all', signal));
    const babelNeighbors = protocols.some(isOwnBabel)
      ? parseBabelNeighbors(await bird.ask(`show babel neighbors ${babelName}`, signal))
      : undefined;
    const state = { running: true, version, routerId, undoSeconds, protocols, babelNeighbors } as const;
    return recovering ? { ...state, recovering } : state;
  });
}

function isOwnBabel({ name, state }: BirdProtocol): boolean {
  return name === babelName && state === 'up';
}

/** Asks BIRD for the states of its protocols: one command, whose reply has a line per protocol. Throws only the signal's reason. */
export function glanceAtBird(options: BirdSocketOptions, signal?: AbortSignal): Promise<BirdGlance> {
  return unlessSilent(options, signal, async (bird) => {
    const protocols = parseProtocols(await bird.ask('show protocols', signal));
    return {
      running: true,
      protocols: protocols.map(({ name, proto, state, info }) => ({ name, proto, state, info })),
    };
  });
}

/** A BIRD that is down, hung or not understood is an answer, too, with the reason. */
async function unlessSilent<T>(
  options: BirdSocketOptions,
  signal: AbortSignal | undefined,
  look: (bird: BirdConnection) => Promise<T>,
): Promise<T | SilentBird> {
  try {
    return await withBird(options, signal, look);
  } catch (error) {
    signal?.throwIfAborted();
    return { running: false, reason: silenceOf(error, options.controlSocket) };
  }
}

function silenceOf(error: unknown, socketPath: string): string {
  if (error instanceof BirdSocketError) return error.message;
  return `the agent does not understand what answers on ${socketPath}: ${error instanceof Error ? error.message : error}`;
}
