import type { Backoff } from './backoff.js';
import type { Change } from './change.js';
import type { Desired } from './desired/desire.js';
import { formatMark } from './model/owner.js';
import type { Observed } from './observed.js';
import { describeChange, type Plan, tunnelWish } from './plan.js';
import type { Outcome } from './reports.js';

/** Owner mark → the words of what failed on its behalf. */
export type Failures = ReadonlyMap<string, string>;

/**
 * What became of each session after a pass. `remaining` is the plan made from reading the system again: a session with
 * nothing left to do is settled, whatever was or was not done for it. `rejected` are the files that are not tried again
 * because BIRD refused them: path → why; `backoffs` the tunnels that are not tried again yet.
 */
export function outcomeOf(
  desired: Desired,
  observed: Observed,
  remaining: Plan,
  failures: Failures,
  rejected: Readonly<Record<string, string>>,
  backoffs: Readonly<Record<string, Backoff>>,
): Outcome {
  const refused = new Map(
    desired.refusals.flatMap(({ uuid, reason }) => (uuid ? [[uuid, reason] as const] : [])),
  );
  const unsettled = new Map<string, string>();
  for (const change of remaining.changes) {
    for (const mark of affected(change)) {
      const uuid = sessionOf(mark);
      if (uuid !== undefined && !unsettled.has(uuid)) {
        unsettled.set(uuid, failures.get(mark) ?? `could not ${describeChange(change)}: ${change.why}`);
      }
    }
  }
  for (const [path, reason] of Object.entries(rejected)) {
    const owner = desired.files?.find((file) => file.path === path)?.owner;
    if (owner?.kind === 'session' && !unsettled.has(owner.uuid)) unsettled.set(owner.uuid, reason);
  }
  for (const { session, tunnel } of desired.sessions) {
    const backoff = backoffs[formatMark(tunnel.owner)];
    if (backoff && backoff.wish === tunnelWish(desired, tunnel.owner) && !unsettled.has(session.uuid)) {
      unsettled.set(session.uuid, backoff.reason);
    }
  }
  const nodeProblem = desired.problems[0] ?? (observed.bird.running ? undefined : observed.bird.reason);
  if (nodeProblem !== undefined) {
    for (const { session } of desired.sessions) {
      if (!unsettled.has(session.uuid)) unsettled.set(session.uuid, nodeProblem);
    }
  }
  return { refused, unsettled };
}

function affected(change: Change): string[] {
  const owners = change.kind === 'reload-bird' ? change.missing.map(({ owner }) => owner) : [change.owner];
  return owners.map(formatMark);
}

function sessionOf(mark: string): string | undefined {
  const uuid = mark.slice(mark.indexOf(':') + 1);
  return uuid.includes(':') ? undefined : uuid;
}
