import { isUpAgain, type Verdict } from './session-verdict.js';
import type { Trouble, TroubleKind } from './trouble-kind.js';

/** A pause before the agent tries again what failed. */
interface NextTry {
  /** `tried 3 times, next try in 4 min`. */
  readonly words: string;
  /** True where it failed so often that the agent tries only once an hour. */
  readonly isHourly: boolean;
}

/** What besides its verdict decides who has to act on a session. */
export interface SessionFacts {
  /** The state of its BGP and its tunnel now, in words. */
  readonly down: string;
  /** True where its BGP was Established before, as far as the agent remembers. */
  readonly wasUp: boolean;
  /** True where the control plane does not want it to run. */
  readonly isIgnored: boolean;
  /** True where BIRD refused its file, which the agent does not load again. */
  readonly isRejected: boolean;
  /** Why the addresses in its row may be wrong. */
  readonly doubt: string | undefined;
  readonly nextTry: NextTry | undefined;
  /** What of the node keeps all sessions down; `isRepaired`: the agent repairs it. */
  readonly nodeFault: { readonly isRepaired: boolean } | undefined;
}

const everyPass = 'the agent tries again at every pass';
const dialing = 'BIRD connects again by itself; after 10 minutes it counts as offline';

/** Who has to act on a session, and why; undefined where nothing is wrong, or nothing of it is to run. */
export function troubleOfSession(verdict: Verdict, facts: SessionFacts): Trouble | undefined {
  const { state, reason } = verdict;
  if (state === 'refused') return { kind: 'needs-you', words: reason };
  if (state === 'failed') return failed(reason, facts.nextTry, facts.isRejected);
  if (facts.isIgnored || state === 'gone') return undefined;
  if (state === 'disabled' && !isUpAgain(verdict)) return { kind: 'needs-you', words: reason };
  if (verdict.isUp && state !== 'undecided') return degraded(verdict);
  return verdict.isUp ? undefined : down(verdict, facts);
}

/** Whether the agent tries what failed again soon, or a person has to look. */
function failed(words: string, nextTry: NextTry | undefined, isRejected: boolean): Trouble {
  if (isRejected) return { kind: 'needs-you', words };
  return {
    kind: nextTry?.isHourly ? 'needs-you' : 'working',
    words,
    next: nextTry?.words ?? everyPass,
  };
}

function degraded({ degraded, degradedKind = 'needs-you' }: Verdict): Trouble | undefined {
  return degraded === undefined ? undefined : { kind: degradedKind, words: degraded };
}

/**
 * A neighbor that was never heard is its own side's matter at once; one that was up is so after it was down for 10 minutes,
 * as the session's updates to the control plane have it.
 */
function down({ state }: Verdict, { down: words, wasUp, doubt, nodeFault }: SessionFacts): Trouble {
  if (nodeFault) return { kind: nodeFault.isRepaired ? 'working' : 'needs-you', words, isOfNode: true };
  if (state === 'undecided') return { kind: 'working', words, next: 'the next pass decides' };
  if (doubt !== undefined) return { kind: 'needs-you', words: `${words}; ${doubt}` };
  return state === 'waiting' && wasUp
    ? { kind: 'working', words, next: dialing }
    : { kind: 'peer-side', words };
}

/** What decides who has to act on a mesh peer. */
export interface MeshFacts {
  /** Why it cannot be configured. */
  readonly refused: string | undefined;
  /** What failed on this node. */
  readonly failed: string | undefined;
  readonly nextTry: NextTry | undefined;
  readonly silent: SilentPeer | undefined;
  /** True where its BGP went down within the last 10 minutes. */
  readonly isDownLately: boolean;
}

/** A node of ours whose routes are not here. */
export interface SilentPeer {
  readonly words: string;
  /** True where its BGP is Established and does not carry all that it is to carry. */
  readonly isUp: boolean;
}

/** Who has to act on a mesh peer, and why; undefined where nothing is wrong. */
export function troubleOfMesh({ refused, failed: reason, ...facts }: MeshFacts): Trouble | undefined {
  if (refused !== undefined) return { kind: 'needs-you', words: refused };
  if (reason !== undefined) return failed(reason, facts.nextTry, false);
  return facts.silent && silentTrouble(facts.silent, facts.isDownLately);
}

/** Both ends are ours: a session that lacks something is for the operator to mend. */
export function silentTrouble({ words, isUp }: SilentPeer, isDownLately: boolean): Trouble {
  if (isUp) return { kind: 'needs-you', words };
  return isDownLately ? { kind: 'working', words, next: dialing } : { kind: 'peer-side', words };
}

/** How many sessions and mesh peers have each kind of trouble. */
export function countTroubles(
  troubles: readonly (Trouble | undefined)[],
): Readonly<Record<'needsYou' | 'working' | 'peerSide', number>> {
  const count = (kind: TroubleKind) => troubles.filter((trouble) => trouble?.kind === kind).length;
  return { needsYou: count('needs-you'), working: count('working'), peerSide: count('peer-side') };
}
