import type { NodeStatus } from '../shell/status/status.js';
import { type StatusMessage, withChanges } from '../shell/status/status-changes.js';
import { noteTraffic, type Traffic } from './overview/traffic.js';

/** What the page knows of the node now. */
export interface Live {
  readonly status: NodeStatus;
  /** The node's own clock, in Unix seconds, when it said so. */
  readonly atSeconds: number;
  /** When that came, in ms of this page. */
  readonly cameMs: number;
  readonly traffic: Traffic;
}

export type Connection = 'connecting' | 'live' | 'lost';

interface Listener {
  onLive(live: Live): void;
  onConnection(connection: Connection): void;
  /** The node does not let us read any more. */
  onRefused(): void;
}

/** The node says every 20 s that it is there. */
const silenceMs = 50_000;
const pauseMs = 3_000;

/** Follows the status until the returned function is called. Comes back by itself after a break. */
export function follow(listener: Listener): () => void {
  let source: EventSource | undefined;
  let live: Live | undefined;
  let timer = 0;

  function wake(ms: number, task: () => void): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(task, ms);
  }

  function begin(): void {
    source?.close();
    const opened = new EventSource('page/live');
    source = opened;
    // The first message of each connection has the whole status.
    let before: Live | undefined;
    opened.addEventListener('status', ({ data }) => {
      const message: StatusMessage = JSON.parse(data);
      const status = withChanges(message, before && { status: before.status, nowSeconds: before.atSeconds });
      const traffic = noteTraffic(live?.traffic, status, message.nowSeconds);
      before = { status, traffic, atSeconds: message.nowSeconds, cameMs: performance.now() };
      live = before;
      heard();
      listener.onLive(live);
    });
    opened.addEventListener('alive', heard);
    opened.addEventListener('error', () => {
      listener.onConnection('lost');
      // Only for good where the answer is no stream: signed out, or too many pages.
      if (opened.readyState === EventSource.CLOSED) listener.onRefused();
      wake(pauseMs, begin);
    });
  }

  function heard(): void {
    listener.onConnection('live');
    wake(silenceMs, begin);
  }

  begin();
  return () => {
    window.clearTimeout(timer);
    source?.close();
  };
}

/** The node's clock now, in Unix seconds. */
export function nowOf({ atSeconds, cameMs }: Live): number {
  return atSeconds + (performance.now() - cameMs) / 1000;
}
