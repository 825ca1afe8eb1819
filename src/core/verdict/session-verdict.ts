import { describeOff } from '../desired/disabled/say-disabled.js';
import type { DesiredSession } from '../desired/sessions.js';
import { type SessionEntry, uuidOf } from '../model/session.js';
import type { LimitHits } from '../plan/limit-hits.js';
import { degradedKind, describeDegraded } from './degraded.js';
import { type Aftermath, type Difference, differencesOf } from './differences.js';
import { type Healths, nextHealth, type SessionHealth } from './session-health.js';
import { describeDown, type SessionView, viewSession } from './session-view.js';
import type { TroubleKind } from './trouble-kind.js';

/**
 * The verdict on one session after a pass. `status`, the updates to the control plane, the metrics and the log read only
 * this, so that they say the same.
 *
 * - `refused`: its row cannot be configured; `difference` is what differs from the state that should stay.
 * - `failed`: something of it on this node is not as desired, and why.
 * - `undecided`: it began to differ during the pass, BIRD has not run it yet, or no pass has seen it. The next pass decides.
 * - `disabled`: by an operator, on this node.
 * - `error`: all is in order on this node, but its BGP has been down for too long.
 * - `ok`, `waiting`: all is in order, BGP is Established or not yet.
 * - `gone`: nothing of it should be on the node, and nothing is.
 */
export type Verdict = {
  /**
   * True where BGP is Established now. One that is `disabled` or in `error` may be up again: the agent reports it active only
   * after two minutes, because a flapping session would cause an update each time; `status` shows at once that it is up.
   */
  readonly isUp: boolean;
  /** Why BGP is Established and does not carry all that it is to carry; absent where it does. The control plane lists it as active. */
  readonly degraded?: string;
  /** Who has to act on that. */
  readonly degradedKind?: TroubleKind;
} & (
  | { readonly state: 'ok' | 'waiting' | 'undecided' | 'gone'; readonly reason: undefined }
  | { readonly state: 'failed' | 'disabled' | 'error'; readonly reason: string }
  | { readonly state: 'refused'; readonly reason: string; readonly difference?: Difference | undefined }
);

/** Session uuid → its verdict. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** What a pass has shown, and what the agent remembers of earlier passes. */
export interface Judged extends Aftermath {
  /** Undefined where no list was ever received. */
  readonly entries: readonly SessionEntry[] | undefined;
  readonly before: Healths;
  /** The fault of this node that keeps every session down. */
  readonly ownFault: string | undefined;
}

/**
 * The verdict on each session that is listed, runs or ran, and the state of their BGP to remember. That state does not
 * change for a session that is not in order on this node, or whose withdrawal is doubted.
 */
export function judgeSessions(judged: Judged): { readonly verdicts: Verdicts; readonly healths: Healths } {
  const { entries = [], desired, observed } = judged;
  const differences = differencesOf(judged);
  const refusals = new Map<string | undefined, string>(
    desired.refusals.map(({ uuid, reason }) => [uuid, reason]),
  );
  const wanted = new Map<string, Wanted>(
    desired.sessions.map((item) => [item.session.uuid, { item, view: viewSession(item, observed) }]),
  );
  const isInOrder = (uuid: string) => !refusals.has(uuid) && !differences.has(uuid);
  const healths = nextHealths(judged, new Map([...wanted].filter(([uuid]) => isInOrder(uuid))));
  const uuids = [
    ...[differences, refusals, wanted].flatMap((each) => [...each.keys()]),
    ...Object.keys(healths),
    ...entries.map(uuidOf),
  ].filter((uuid) => uuid !== undefined);
  const verdicts = [...new Set(uuids)].map((uuid): [string, Verdict] => {
    const [refusal, difference] = [refusals.get(uuid), differences.get(uuid)];
    const facts = { ...wanted.get(uuid), refusal, difference, health: healths[uuid] };
    return [uuid, judge({ ...facts, limitHits: judged.limitHits })];
  });
  return { verdicts: new Map(verdicts), healths };
}

/** A wanted session, and what the system shows of it. */
interface Wanted {
  readonly item: DesiredSession;
  readonly view: SessionView;
}

interface SessionFacts extends Partial<Wanted> {
  readonly refusal: string | undefined;
  readonly difference: Difference | undefined;
  readonly health: SessionHealth | undefined;
  readonly limitHits: LimitHits;
}

function judge({ refusal, difference, item, view, health, limitHits }: SessionFacts): Verdict {
  const isUp = view?.established ?? false;
  if (refusal !== undefined) return { state: 'refused', reason: refusal, difference, isUp };
  if (difference) return failedOrUndecided(difference, isUp);
  const off = item && describeOff(item);
  if (off !== undefined) return { state: 'disabled', reason: off, isUp };
  if (health?.error !== undefined && health.isSetUp) return { state: 'error', reason: health.error, isUp };
  if (health && !health.isSetUp) return failedOrUndecided({ reason: health.error }, isUp);
  if (item && view) return inOrder({ item, view }, limitHits);
  return health ? { state: isUp ? 'ok' : 'waiting', reason: undefined, isUp } : gone(isUp);
}

function gone(isUp: boolean): Verdict {
  return { state: 'gone', reason: undefined, isUp };
}

function inOrder({ item, view }: Wanted, limitHits: LimitHits): Verdict {
  const isUp = view.established;
  const degraded = describeDegraded(item, view, limitHits);
  return {
    state: isUp ? 'ok' : 'waiting',
    reason: undefined,
    isUp,
    ...(degraded && { degraded, degradedKind: degradedKind(view, limitHits) }),
  };
}

function failedOrUndecided({ reason }: Difference, isUp: boolean): Verdict {
  return reason === undefined ? { state: 'undecided', reason, isUp } : { state: 'failed', reason, isUp };
}

function nextHealths(
  { entries, before, desired, observed, ownFault }: Judged,
  good: ReadonlyMap<string, Wanted>,
): Healths {
  if (!entries) return before;
  const listed = entries.flatMap((entry) => (entry.kind === 'ignored' ? [] : (uuidOf(entry) ?? [])));
  const wantedOrDoubted = new Set<string>([...listed, ...desired.doubted]);
  const remembered = Object.entries(before).filter(([uuid]) => wantedOrDoubted.has(uuid));
  const { bird, nowSeconds } = observed;
  const looked = [...good]
    .filter(([, { item }]) => describeOff(item) === undefined)
    .map(([uuid, { item, view }]): [string, SessionHealth] => {
      const problem = bird.running ? (ownFault ?? describeDown(view)) : bird.reason;
      const look = { nowSeconds, birdRuns: bird.running, isUp: view.established, problem };
      return [uuid, nextHealth(before[uuid], { ...look, listed: item.session.status })];
    });
  return Object.fromEntries([...remembered, ...looked]);
}

/** The verdicts after a look between two passes. It only updates `isUp`: passes count for how long BGP is down. */
export function judgeAgain(
  verdicts: Verdicts,
  { desired, observed, limitHits }: Pick<Judged, 'desired' | 'observed' | 'limitHits'>,
): Verdicts {
  const views = new Map<string, Wanted>(
    desired.sessions.map((item) => [item.session.uuid, { item, view: viewSession(item, observed) }]),
  );
  return new Map(
    [...verdicts].map(([uuid, verdict]): [string, Verdict] => {
      const wanted = views.get(uuid);
      const isUp = wanted?.view.established ?? false;
      const isInOrder = verdict.state === 'ok' || verdict.state === 'waiting';
      if (!isInOrder) return [uuid, { ...verdict, isUp }];
      if (!wanted) return [uuid, { state: 'waiting', reason: undefined, isUp }];
      return [uuid, inOrder(wanted, limitHits)];
    }),
  );
}

/** Where no pass has seen the session. */
const unseen: Verdict = { state: 'undecided', reason: undefined, isUp: false };

/**
 * The verdict on a row of the list. An unreadable row is refused at once, and each of several rows with one uuid has its
 * own reason.
 */
export function verdictOf(entry: SessionEntry, verdicts: Verdicts | undefined): Verdict {
  const known = verdicts?.get(uuidOf(entry) ?? '');
  if (entry.kind !== 'refused') return known ?? unseen;
  const isUp = known?.isUp ?? false;
  return { state: 'refused', reason: entry.reason, difference: differenceOf(known), isUp };
}

/** True where BGP still counts as down, but is Established again. */
export function isUpAgain({ state, isUp }: Verdict): boolean {
  return isUp && (state === 'error' || state === 'disabled');
}

/** What of a session differs on this node; undefined where only its row or its BGP is wrong. */
export function differenceOf(verdict: Verdict | undefined): Difference | undefined {
  if (verdict?.state === 'refused') return verdict.difference;
  return verdict?.state === 'failed' || verdict?.state === 'undecided' ? verdict : undefined;
}
