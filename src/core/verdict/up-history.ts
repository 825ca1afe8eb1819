import {
  type EventKind,
  type EventLevel,
  type NodeEvent,
  type Subject,
  subjectKey,
} from '../model/events/event.js';
import { laterByMs, roundingMs } from '../model/values/bird-time.js';

/** What is known of whether one BGP session is up. */
interface UpState {
  readonly isUp: boolean;
  /** When it went down last, in Unix ms; undefined where it is up, or nobody saw it go. */
  readonly downAtMs: number | undefined;
  /** BIRD's word for since when; undefined where it is not known. */
  readonly since: string | undefined;
  /** When it went down within the last day, in Unix ms. */
  readonly downsAtMs: readonly number[];
}

/** `subjectKey` → what is known of its BGP. */
export type UpHistory = ReadonlyMap<string, UpState>;

/** One BGP session as a look shows it. */
export interface SeenBgp {
  readonly subject: Subject;
  readonly isUp: boolean;
  /** BIRD's word for since when. */
  readonly since: string | undefined;
  /** Why it is down, in words. */
  readonly why: string;
}

/** An event without its time. */
export type Told = Pick<NodeEvent, 'kind' | 'level' | 'text' | keyof Subject>;

const dayMs = 86_400_000;
const unknown: UpState = { isUp: false, downAtMs: undefined, since: undefined, downsAtMs: [] };

/** What earlier events tell, in their order; also those of an agent before this one. */
export function historyOf(events: readonly NodeEvent[]): UpHistory {
  const history = new Map<string, UpState>();
  for (const { kind, atMs, ...subject } of events) {
    if (kind !== 'up' && kind !== 'down') continue;
    const key = subjectKey(subject);
    const before = history.get(key) ?? unknown;
    const isUp = kind === 'up';
    history.set(key, {
      isUp,
      downAtMs: isUp ? undefined : atMs,
      since: undefined,
      downsAtMs: isUp ? before.downsAtMs : [...before.downsAtMs, atMs],
    });
  }
  return history;
}

/**
 * The history after one more look, and what has happened since the one before. A session that is not among `seen` and was up is
 * no longer configured. The look must show BIRD: what is unknown is not down.
 */
export function lookAgain(
  history: UpHistory,
  seen: readonly SeenBgp[],
  nowMs: number,
): { readonly history: UpHistory; readonly events: readonly Told[] } {
  const events: Told[] = [];
  const after = new Map<string, UpState>();
  for (const each of seen) {
    const key = subjectKey(each.subject);
    const before = history.get(key) ?? unknown;
    const told = whatHappened(before, each, nowMs);
    if (told) events.push({ ...each.subject, ...told });
    const recent = before.downsAtMs.filter((atMs) => nowMs - atMs < dayMs && atMs <= nowMs);
    const wentDown = told?.kind === 'down';
    after.set(key, {
      isUp: each.isUp,
      downAtMs: each.isUp ? undefined : wentDown ? nowMs : before.downAtMs,
      since: each.since,
      downsAtMs: wentDown ? [...recent, nowMs] : recent,
    });
  }
  for (const [key, before] of history) {
    if (after.has(key)) continue;
    // A session may be deleted and come back within the day; after that it is forgotten.
    const recent = before.downsAtMs.filter((atMs) => nowMs - atMs < dayMs);
    if (recent.length > 0) after.set(key, { ...before, isUp: false, since: undefined, downsAtMs: recent });
  }
  return { history: after, events };
}

/** How often the session's BGP went down within the last day. */
export function flapsOf(history: UpHistory, subject: Subject, nowMs: number): number {
  const { downsAtMs } = history.get(subjectKey(subject)) ?? unknown;
  return downsAtMs.filter((atMs) => nowMs - atMs < dayMs).length;
}

/** True where its BGP went down within the last `seconds`, and has been down since. */
export function isDownLately(history: UpHistory, subject: Subject, seconds: number, nowMs: number): boolean {
  const { isUp, downAtMs } = history.get(subjectKey(subject)) ?? unknown;
  return !isUp && downAtMs !== undefined && nowMs - downAtMs < seconds * 1000;
}

type What = { readonly kind: EventKind; readonly level: EventLevel; readonly text: string };

function whatHappened(before: UpState, { isUp, since, why }: SeenBgp, nowMs: number): What | undefined {
  if (isUp && !before.isUp) {
    const after = before.downAtMs === undefined ? '' : ` again, after ${seconds(nowMs - before.downAtMs)}`;
    return { kind: 'up', level: 'info', text: `BGP is Established${after}` };
  }
  if (!isUp && before.isUp) return { kind: 'down', level: 'warn', text: `BGP went down: ${why}` };
  if (isUp && isLater(before.since, since))
    return {
      kind: 'down',
      level: 'warn',
      text: `BGP went down for a moment between two looks of the agent; BIRD says that it is Established again since ${since}`,
    };
  return undefined;
}

/** BIRD writes another text for the same time after a day, unless its configuration says `iso long`. */
function isLater(before: string | undefined, since: string | undefined): boolean {
  if (before === undefined || since === undefined || !since.includes(' ')) return false;
  return (laterByMs(before, since) ?? 0) > roundingMs;
}

function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
