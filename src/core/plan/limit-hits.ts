import type { DesiredProtocol } from '../model/artifacts.js';
import type { Change } from '../model/change.js';
import type { BirdChannel, BirdLimit, BirdProtocol, ObservedBird } from '../model/observed.js';
import { isEstablished } from '../model/observed.js';
import { isSameBirdTime } from '../model/values/bird-time.js';
import { type Family, familyNames } from '../model/values/family.js';

/** A limit of a channel that blocked routes. */
interface BlockedBy extends Pick<BirdLimit, 'kind' | 'max'> {
  readonly channel: string;
}

/**
 * Limits of one protocol that blocked routes. BIRD does not take the blocked routes once there is room again, and forgets at a
 * reload of the filters that there were any. So it is remembered here until the protocol starts anew.
 */
export interface LimitHit {
  /** In BIRD's order; empty where the protocol has started anew, and only the pauses are remembered. */
  readonly limits: readonly BlockedBy[];
  /** BIRD's word for when the protocol came up. */
  readonly since: string;
  /** Since when all of them have room again, in Unix seconds; absent while one has not. */
  readonly roomSinceSeconds?: number | undefined;
  /** How often the agent acted on it, and the Unix seconds before which it does not act again. */
  readonly attempts: number;
  readonly notBeforeSeconds: number;
}

/** BIRD protocol → the limits that it hit. */
export type LimitHits = Readonly<Record<string, LimitHit>>;

/** A neighbor who withdraws some routes may announce more a moment later. */
const roomSeconds = 120;
const firstPauseSeconds = 600;
const longestPauseSeconds = 6 * 3600;
/** From then on a limit that is hit is a new story. */
const forgetAfterSeconds = 24 * 3600;

/** What is remembered of the limits of the sessions' protocols after one more look. */
export function nextLimitHits(
  before: LimitHits,
  wanted: readonly DesiredProtocol[],
  bird: ObservedBird,
  nowSeconds: number,
): LimitHits {
  if (!bird.running) return before;
  const running = new Map(bird.protocols.map((protocol) => [protocol.name, protocol]));
  const hits = wanted.flatMap(({ name, owner, off }): [string, LimitHit][] => {
    const protocol = running.get(name);
    if (owner.kind !== 'session' || off || !protocol) return [];
    const next = nextHit(before[name], protocol, nowSeconds);
    return next ? [[name, next]] : [];
  });
  return Object.fromEntries(hits.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nextHit(
  before: LimitHit | undefined,
  protocol: BirdProtocol,
  nowSeconds: number,
): LimitHit | undefined {
  const { since, channels } = protocol;
  const limits = isEstablished(protocol) ? blockedBy(before, protocol) : [];
  const { attempts = 0, notBeforeSeconds = nowSeconds } = before ?? {};
  if (limits.length === 0) {
    const isForgotten = attempts === 0 || Math.abs(nowSeconds - notBeforeSeconds) > forgetAfterSeconds;
    return isForgotten ? undefined : { limits, since, attempts, notBeforeSeconds };
  }
  const hasRoom = limits.every((limit) => isBelow(limit, channels));
  const roomSinceSeconds = hasRoom ? (before?.roomSinceSeconds ?? nowSeconds) : undefined;
  return { limits, since, attempts, notBeforeSeconds, ...(hasRoom && { roomSinceSeconds }) };
}

/** Those that BIRD shows as hit, and those that it showed since the protocol came up. Their numbers are those of now. */
function blockedBy(before: LimitHit | undefined, { since, channels }: BirdProtocol): BlockedBy[] {
  const remembered = before && isSameBirdTime(before.since, since) ? before.limits : [];
  const isRemembered = (channel: string, kind: string) =>
    remembered.some((limit) => limit.channel === channel && limit.kind === kind);
  return channels.flatMap(({ name: channel, limits = [] }) =>
    limits
      .filter(({ kind, action, isHit }) => action === 'block' && (isHit || isRemembered(channel, kind)))
      .map(({ kind, max }): BlockedBy => ({ channel, kind, max })),
  );
}

function isBelow({ channel, kind, max }: BlockedBy, channels: readonly BirdChannel[]): boolean {
  const routes = channels.find(({ name }) => name === channel)?.routes;
  if (!routes) return false;
  const { imported, filtered, exported } = routes;
  const count = { receive: imported + filtered, import: imported, export: exported }[kind];
  return count < max;
}

/** When the agent acts, in Unix seconds; undefined while there is no room. */
export function dueAtSeconds({ roomSinceSeconds, notBeforeSeconds }: LimitHit): number | undefined {
  return roomSinceSeconds === undefined
    ? undefined
    : Math.max(roomSinceSeconds + roomSeconds, notBeforeSeconds);
}

function isDue(hit: LimitHit, nowSeconds: number): boolean {
  const left = (dueAtSeconds(hit) ?? Number.POSITIVE_INFINITY) - nowSeconds;
  // A clock that was set back makes no pause longer than the longest.
  return hit.limits.length > 0 && (left <= 0 || (left > longestPauseSeconds && left < Infinity));
}

/** What is remembered once the agent has acted. The pause before the next time is 10, 20, 40, ... minutes, at most 6 hours. */
export function afterAttempt(hit: LimitHit, nowSeconds: number): LimitHit {
  const pause = Math.min(firstPauseSeconds * 2 ** hit.attempts, longestPauseSeconds);
  const { since, attempts } = hit;
  return { limits: [], since, attempts: attempts + 1, notBeforeSeconds: nowSeconds + pause };
}

/**
 * What brings back the routes that limits blocked. A session is restarted for routes of the neighbor, at most one in a pass: one
 * limit counts for all sessions, and they must not all go down together. For our own routes, BIRD sends them again, which resets nothing.
 */
export function limitChanges(
  hits: LimitHits,
  wanted: readonly DesiredProtocol[],
  nowSeconds: number,
): Change[] {
  const due = wanted.flatMap(({ name: protocol, owner }): Change[] => {
    const hit = hits[protocol];
    if (!hit || !isDue(hit, nowSeconds)) return [];
    const isOurs = hit.limits.every(({ kind }) => kind === 'export');
    const kind = isOurs ? 'resend-routes' : 'restart-protocol';
    const why = `${describeLimits(hit.limits)} blocked routes, and there are fewer routes now`;
    return [{ kind, owner, protocol, why }];
  });
  const [restart] = due.filter(({ kind }) => kind === 'restart-protocol');
  return due.filter((change) => change.kind === 'resend-routes' || change === restart);
}

/** `the receive limit of 9000 IPv4 routes and the import limit of 9000 IPv6 routes`. */
export function describeLimits(limits: readonly BlockedBy[]): string {
  const each = limits.map(({ channel, kind, max }) => {
    const family = familyNames[channel as Family] ?? channel;
    return `the ${kind} limit of ${max} ${family} routes`;
  });
  return each.join(' and ');
}
