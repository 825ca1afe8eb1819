import type { SessionStatus } from '../model/session-status.js';

/** How a session's BGP is doing, as it is remembered from look to look. */
export interface SessionHealth {
  /** What the control plane listed at the last look: a session that is queued anew begins anew. */
  readonly listed: SessionStatus;
  /** True once BIRD has run the session. */
  readonly isSetUp: boolean;
  /** True once BGP was Established. */
  readonly wasUp: boolean;
  readonly isUp: boolean;
  /** For how long `isUp` is as it is, as far as anybody looked. */
  readonly sameForSeconds: number;
  /** Unix seconds. */
  readonly lookedAtSeconds: number;
  /** Why the session is in error; fixed when it becomes so, for each new wording would be news. */
  readonly error: string | undefined;
}

/** Session uuid → how its BGP is doing. */
export type Healths = Readonly<Record<string, SessionHealth>>;

/** What one look at a session that is in order on this side has shown. */
export interface Look {
  readonly nowSeconds: number;
  readonly listed: SessionStatus;
  readonly birdRuns: boolean;
  /** True where BGP is Established in all that the session consists of. */
  readonly isUp: boolean;
  /** Why it is not, in words. */
  readonly problem: string;
}

const errorAfterSeconds = 600;
/** A neighbor who was only just told of the session may take his time. */
const errorBeforeFirstUpAfterSeconds = 1800;
const activeAfterSeconds = 120;

/** Of the time between two looks so much counts at most: nobody looked for longer, or the clock was stepped. */
const longestLookSeconds = 90;
/** From here on the agent was not there in between, and nothing of it counts. */
const absenceSeconds = 900;

/**
 * What is remembered after one more look. A session that was up is in error once it was down for 10 minutes without a
 * break, and is so no more once it was up for 2; one that never was up gets 30 minutes, and is good as soon as it is up.
 */
export function nextHealth(former: SessionHealth | undefined, look: Look): SessionHealth {
  const before = former && !isQueuedAnew(former, look) ? former : newHealth(look);
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

function isQueuedAnew(former: SessionHealth, { listed }: Look): boolean {
  return listed === 'queued-for-setup' && former.listed !== 'queued-for-setup';
}

/** One that the control plane lists as running was set up before anything was remembered of it. */
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

/** True where something turned, and not only time went by or BGP went up or down. */
export function hasTurned(before: SessionHealth | undefined, after: SessionHealth | undefined): boolean {
  const facts = (health: SessionHealth | undefined) =>
    health && JSON.stringify([health.listed, health.isSetUp, health.wasUp, health.error]);
  return facts(before) !== facts(after);
}
