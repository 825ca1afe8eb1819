import type { NodeStatus } from '../shell/status/status.js';
import { statusChanges, type ToldStatus } from '../shell/status/status-changes.js';
import { openEventStreams } from './event-streams.js';

/** Tells the open pages what changes in the status, as server-sent events. Without an open page it does nothing. */
export interface LiveStatus {
  /** The status may have changed. */
  changed(): void;
  /** A stream of its own, with the whole status first; undefined where too many are open. It ends when `isAllowed` is no longer true. */
  open(isAllowed: () => boolean): ReadableStream<Uint8Array> | undefined;
  /** Ends all streams. */
  close(): void;
}

interface LiveOptions {
  status(): NodeStatus;
  /** Unix seconds, whole. */
  readonly nowSeconds: () => number;
  readonly mostReaders?: number;
  /** So often a reader hears that the node is still there, and of what changes without a pass or a look, such as a call that fails. */
  readonly aliveMs?: number;
  /** Looks and passes that come together are told together. */
  readonly togetherMs?: number;
  /** Who has more than this to read is cut off; a browser comes back by itself and gets the whole status. */
  readonly mostBytes?: number;
}

export function openLiveStatus({
  status,
  nowSeconds,
  mostReaders = 8,
  aliveMs = 20_000,
  togetherMs = 500,
  mostBytes = 4 * 1024 * 1024,
}: LiveOptions): LiveStatus {
  let told: ToldStatus | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let alive: NodeJS.Timeout | undefined;
  let isClosed = false;
  const streams = openEventStreams({
    mostReaders,
    mostBytes,
    onEmpty: () => {
      clearInterval(alive);
      clearTimeout(waiting);
      alive = undefined;
      waiting = undefined;
      told = undefined;
    },
  });

  function tell(now = status()): void {
    clearTimeout(waiting);
    waiting = undefined;
    const { told: texts, message } = statusChanges(now, nowSeconds(), told);
    told = texts;
    if (message) streams.send({ event: 'status', data: message });
  }

  function begin() {
    // So that those who are there and the new one go on from the same status.
    const now = status();
    if (streams.size() > 0) tell(now);
    const first = statusChanges(now, nowSeconds());
    told = first.told;
    alive ??= setInterval(() => {
      tell();
      streams.send({ event: 'alive', data: { nowSeconds: nowSeconds() } });
    }, aliveMs).unref();
    return first.message && { event: 'status', data: first.message };
  }

  return {
    changed: () => {
      if (streams.size() > 0) waiting ??= setTimeout(() => tell(), togetherMs).unref();
    },
    open: (isAllowed) => (isClosed ? undefined : streams.open(begin, isAllowed)),
    close: () => {
      isClosed = true;
      streams.close();
    },
  };
}
