import type { SessionStatus } from '../model/session-status.js';

/** The state of a session's BGP, remembered from look to look. */
export interface SessionHealth {
  /** The status in the list at the last look: a session that is queued again starts again. */
  readonly listed: SessionStatus;
  /** True once BIRD has run the session. */
  readonly isSetUp: boolean;
  /** True once BGP was Established. */
  readonly wasUp: boolean;
  readonly isUp: boolean;
  /** For how long `isUp` has not changed, counted over the looks. */
  readonly sameForSeconds: number;
  /** Unix seconds. */
  readonly lookedAtSeconds: number;
  /** Why the session is in error; the text stays as it was first, because each new text would be a new update. */
  readonly error: string | undefined;
}

/** Session uuid → the state of its BGP. */
export type Healths = Readonly<Record<string, SessionHealth>>;

/** What one look shows of a session that is in order on this node. */
export interface Look {
  readonly nowSeconds: number;
  readonly listed: SessionStatus;
  readonly birdRuns: boolean;
  /** True where all BGP protocols of the session are Established. */
  readonly isUp: boolean;
  /** Why it is not, in words. */
  readonly problem: string;
}

/** A neighbor that was up and stays down for so long counts as offline. */
export const errorAfterSeconds = 600;
/** A neighbor that has just heard of the session may need time. */
const errorBeforeFirstUpAfterSeconds = 1800;
const activeAfterSeconds = 120;

/** At most this much of the time between two looks counts: the agent may have paused, or the clock was stepped. */
const longestLookSeconds = 90;
/** After a longer gap the agent was not running, and nothing of the gap counts. */
const absenceSeconds = 900;

/**
 * The state after one more look. A session that was up is in error after it was down for 10 minutes without a
 * break, until it was up for 2; one that was never up gets 30 minutes, and is good as soon as it is up.
 */
export function nextHealth(previous: SessionHealth | undefined, look: Look): SessionHealth {
  const before = previous && !isQueuedAnew(previous, look) ? previous : newHealth(look);
  const begins = look.birdRuns && !before.isSetUp;
  const isSame = !begins && before.isUp === look.isUp;
  const sameForSeconds = isSame ? before.sameForSeconds + secondsCounted(before, look) : 0;
  const after = {
    listed: look.listed,
    isSetUp: before.isSetUp || look.birdRuns,
    wasUp: before.wasUp || look.isUp,
    isUp: look.isUp,
    sameForSeconds,
    lookedAtSeconds: look.nowSeconds,
    error: begins ? undefined : before.error,
  };
  return { ...after, error: look.isUp ? errorWhileUp(after, before) : errorWhileDown(after, look.problem) };
}

function isQueuedAnew(previous: SessionHealth, { listed }: Look): boolean {
  return listed === 'queued-for-setup' && previous.listed !== 'queued-for-setup';
}

/** A session that the control plane lists as running was set up before the agent remembers it. */
function newHealth({ listed, nowSeconds }: Look): SessionHealth {
  const isSetUp = listed === 'active' || listed === 'error';
  const unknown = { wasUp: false, isUp: false, sameForSeconds: 0, error: undefined };
  return { ...unknown, listed, isSetUp, lookedAtSeconds: nowSeconds };
}

function secondsCounted({ lookedAtSeconds }: SessionHealth, { nowSeconds }: Look): number {
  const seconds = nowSeconds - lookedAtSeconds;
  return seconds < 0 || seconds >= absenceSeconds ? 0 : Math.min(seconds, longestLookSeconds);
}

function errorWhileUp({ error, sameForSeconds }: SessionHealth, { wasUp }: SessionHealth) {
  return wasUp && sameForSeconds < activeAfterSeconds ? error : undefined;
}

function errorWhileDown({ error, isSetUp, wasUp, sameForSeconds }: SessionHealth, problem: string) {
  if (error !== undefined) return error;
  const limit = isSetUp && !wasUp ? errorBeforeFirstUpAfterSeconds : errorAfterSeconds;
  return sameForSeconds >= limit ? problem : undefined;
}

/** True where something changed besides the time and whether BGP is up. */
export function hasTurned(before: SessionHealth | undefined, after: SessionHealth | undefined): boolean {
  const facts = (health: SessionHealth | undefined) =>
    health && JSON.stringify([health.listed, health.isSetUp, health.wasUp, health.error]);
  return facts(before) !== facts(after);
}
