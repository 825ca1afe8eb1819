import { describeOff } from '../desired/disabled/say-disabled.js';
import type { DesiredSession } from '../desired/sessions.js';
import { type SessionEntry, uuidOf } from '../model/session.js';
import { type Aftermath, type Difference, differencesOf } from './differences.js';
import { type Healths, nextHealth, type SessionHealth } from './session-health.js';
import { describeDown, type SessionView, viewSession } from './session-view.js';

/**
 * What is to be said of one session after a pass. `status`, the updates to the control plane, the metrics and the log read it and
 * nothing else, so that they say the same.
 *
 * - `refused`: its row cannot be configured as it stands; `difference` is what of it is not even as it should stay.
 * - `failed`: something of it on this node is not as wanted, and why.
 * - `undecided`: it began to differ during the pass, BIRD has not run it yet, or no pass has seen it. The next pass decides.
 * - `disabled`: by an operator, on this node.
 * - `error`: all is in order on this node, and its BGP has been down for too long.
 * - `ok`, `waiting`: all is in order, BGP is Established or not yet.
 * - `gone`: nothing of it is to be on the node, and nothing is.
 */
export type Verdict = {
  /**
   * True where BGP is Established now. One that is `disabled` or in `error` may be up again: it is told to be active only after
   * two minutes, for a flapping session would be an update each time; people who look at it see that it is up.
   */
  readonly isUp: boolean;
} & (
  | { readonly state: 'ok' | 'waiting' | 'undecided' | 'gone'; readonly reason: undefined }
  | { readonly state: 'failed' | 'disabled' | 'error'; readonly reason: string }
  | { readonly state: 'refused'; readonly reason: string; readonly difference?: Difference | undefined }
);

/** Session uuid → what is to be said of it. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** What a pass has shown, and what is remembered of the passes before. */
export interface Judged extends Aftermath {
  /** Undefined where no list was ever received. */
  readonly entries: readonly SessionEntry[] | undefined;
  readonly before: Healths;
  /** What of this node keeps every session down: no fault of a neighbor. */
  readonly ownFault: string | undefined;
}

/**
 * The verdict on each session that is listed, runs or ran, and what is to be remembered of their BGP. Nothing new is learned of the
 * BGP of a session that is not in order on this node, or whose withdrawal is doubted: what was known of it stays.
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
    return [uuid, judge({ ...wanted.get(uuid), refusal, difference, health: healths[uuid] })];
  });
  return { verdicts: new Map(verdicts), healths };
}

/** A session that is wanted, and how the system shows it. */
interface Wanted {
  readonly item: DesiredSession;
  readonly view: SessionView;
}

interface SessionFacts extends Partial<Wanted> {
  readonly refusal: string | undefined;
  readonly difference: Difference | undefined;
  readonly health: SessionHealth | undefined;
}

function judge({ refusal, difference, item, view, health }: SessionFacts): Verdict {
  const isUp = view?.established ?? false;
  if (refusal !== undefined) return { state: 'refused', reason: refusal, difference, isUp };
  if (difference) return failedOrUndecided(difference, isUp);
  const off = item && describeOff(item);
  if (off !== undefined) return { state: 'disabled', reason: off, isUp };
  if (health?.error !== undefined && health.isSetUp) return { state: 'error', reason: health.error, isUp };
  if (health && !health.isSetUp) return failedOrUndecided({ reason: health.error }, isUp);
  return view || health ? inOrder(isUp) : { state: 'gone', reason: undefined, isUp };
}

function inOrder(isUp: boolean): Verdict {
  return { state: isUp ? 'ok' : 'waiting', reason: undefined, isUp };
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
  const kept = new Set<string>([...listed, ...desired.doubted]);
  const remembered = Object.entries(before).filter(([uuid]) => kept.has(uuid));
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

/** The verdicts after a look between two passes. It shows who is up, and decides nothing: whose BGP is broken is counted by passes. */
export function judgeAgain(
  verdicts: Verdicts,
  { desired, observed }: Pick<Judged, 'desired' | 'observed'>,
): Verdicts {
  const up = new Set<string>(
    desired.sessions
      .filter((item) => viewSession(item, observed).established)
      .map(({ session }) => session.uuid),
  );
  return new Map(
    [...verdicts].map(([uuid, verdict]): [string, Verdict] => {
      const isUp = up.has(uuid);
      const isInOrder = verdict.state === 'ok' || verdict.state === 'waiting';
      return [uuid, isInOrder ? inOrder(isUp) : { ...verdict, isUp }];
    }),
  );
}

/** Where no pass has seen the session. */
const unseen: Verdict = { state: 'undecided', reason: undefined, isUp: false };

/**
 * The verdict on a row of the list. That a row cannot be read holds at once, and each row that has the uuid of another has a reason
 * of its own.
 */
export function verdictOf(entry: SessionEntry, verdicts: Verdicts | undefined): Verdict {
  const known = verdicts?.get(uuidOf(entry) ?? '');
  if (entry.kind !== 'refused') return known ?? unseen;
  const isUp = known?.isUp ?? false;
  return { state: 'refused', reason: entry.reason, difference: differenceOf(known), isUp };
}

/** True where BGP that still counts as down is Established by now. */
export function isUpAgain({ state, isUp }: Verdict): boolean {
  return isUp && (state === 'error' || state === 'disabled');
}

/** What of a session is not on this node as it should be; undefined where nothing is amiss but its row or its BGP. */
export function differenceOf(verdict: Verdict | undefined): Difference | undefined {
  if (verdict?.state === 'refused') return verdict.difference;
  return verdict?.state === 'failed' || verdict?.state === 'undecided' ? verdict : undefined;
}
