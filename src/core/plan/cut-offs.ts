import type { Desired } from '../desired/desired.js';
import { hashOf } from '../model/fingerprint.js';
import { type Owner, OwnerMap, type ReadonlyOwnerMap, sameOwner } from '../model/owner.js';

/** A change of an owner's network (tunnel, addresses) that cut the node off from its control plane, and was undone. */
export interface CutOff {
  /** Why it was undone, in words. */
  readonly reason: string;
  /** What was wanted then: anything else is tried at once. */
  readonly wish: string;
  /** Unix seconds from when on the same may be tried again, if the control plane answers before. */
  readonly retryAtSeconds: number;
}

/** What was undone on whose behalf. */
export type CutOffs = ReadonlyOwnerMap<CutOff>;

/** What was undone for what it led to is tried again after so long. */
export const retryUndoneSeconds = 600;

/** What is wanted of an owner's network, in a form that can be compared. */
export function networkWish(desired: Pick<Desired, 'tunnels' | 'loopback'>, owner: Owner): string {
  if (owner.kind === 'node') return hashOf([JSON.stringify(desired.loopback)]);
  const tunnel = desired.tunnels.find((candidate) => sameOwner(candidate.owner, owner));
  return tunnel ? hashOf([JSON.stringify(tunnel)]) : 'gone';
}

/**
 * The same change as before, if it cut the node off when it was made last; undefined where something else is wanted now. It
 * may be tried again only where the control plane answers before.
 */
export function cutOffBefore(
  cutOffs: CutOffs,
  desired: Pick<Desired, 'tunnels' | 'loopback'>,
  owner: Owner,
): CutOff | undefined {
  const cutOff = cutOffs.get(owner);
  return cutOff?.wish === networkWish(desired, owner) ? cutOff : undefined;
}

/** True while the same change is not to be tried again. A clock that was set back does not make the wait longer. */
export function isTooSoon({ retryAtSeconds }: CutOff, nowSeconds: number): boolean {
  const left = retryAtSeconds - nowSeconds;
  return left > 0 && left <= retryUndoneSeconds;
}

/** What is left when somebody asks to try again: only where the control plane answers, but at once. */
export function tryCutOffsAgain(cutOffs: CutOffs): CutOffs {
  return new OwnerMap([...cutOffs].map(([owner, one]) => [owner, { ...one, retryAtSeconds: 0 }]));
}
