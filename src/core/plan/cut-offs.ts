import type { Desired } from '../desired/desired.js';
import { tunnelOf } from '../model/artifacts.js';
import { hashOf } from '../model/fingerprint.js';
import { type Owner, OwnerMap, type ReadonlyOwnerMap } from '../model/owner.js';

/** A change of an owner's network (tunnel, addresses) that cut the node off from its control plane, and was undone. */
export interface CutOff {
  /** Why it was undone, in words. */
  readonly reason: string;
  /** What was wanted then: the agent tries anything else at once. */
  readonly wish: string;
  /** Unix seconds; the agent may try the same again from then on, if the control plane answers before. */
  readonly retryAtSeconds: number;
}

/** Owner → the change of it that was undone. */
export type CutOffs = ReadonlyOwnerMap<CutOff>;

/** The agent tries an undone change again after this time. */
export const retryUndoneSeconds = 600;

/** What is wanted of an owner's network, as a hash to compare. */
export function networkWish(desired: Pick<Desired, 'tunnels' | 'loopback'>, owner: Owner): string {
  if (owner.kind === 'node') return hashOf([JSON.stringify(desired.loopback)]);
  const tunnel = tunnelOf(desired.tunnels, owner);
  return tunnel ? hashOf([JSON.stringify(tunnel)]) : 'gone';
}

/**
 * The cut-off, if the wanted change is the one that caused it; undefined where something else is wanted now. The agent may
 * try the change again only if the control plane answers before.
 */
export function cutOffBefore(
  cutOffs: CutOffs,
  desired: Pick<Desired, 'tunnels' | 'loopback'>,
  owner: Owner,
): CutOff | undefined {
  const cutOff = cutOffs.get(owner);
  return cutOff && cutOff.wish === networkWish(desired, owner) ? cutOff : undefined;
}

/** True while the agent must not try the same change again. A clock that was set back does not make the wait longer. */
export function isTooSoon({ retryAtSeconds }: CutOff, nowSeconds: number): boolean {
  const left = retryAtSeconds - nowSeconds;
  return left > 0 && left <= retryUndoneSeconds;
}

/** The cut-offs after an operator asks to try again: at once, but still only if the control plane answers. */
export function tryCutOffsAgain(cutOffs: CutOffs): CutOffs {
  return new OwnerMap([...cutOffs].map(([owner, one]) => [owner, { ...one, retryAtSeconds: 0 }]));
}
