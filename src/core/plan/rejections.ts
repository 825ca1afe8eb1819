import type { Desired } from '../desired/desired.js';
import { hashOf } from '../model/fingerprint.js';
import type { Observed } from '../model/observed.js';
import { retryUndoneSeconds } from './cut-offs.js';

/** A file that BIRD refused, or that was undone because of what it led to. The same is not tried again. */
export interface Rejection {
  readonly reason: string;
  /**
   * What must be new before it is tried again: of a file that BIRD refuses, anything that BIRD reads, or BIRD itself, for something
   * else may be to blame; of one that was undone, this file.
   */
  readonly of: string;
  /** Unix seconds from when on the same may be tried again, where it was undone; undefined: never by itself. */
  readonly retryAtSeconds: number | undefined;
  /** True where the control plane did not answer any more: it must answer before the same is tried again. */
  readonly silenced: boolean;
}

/** Path → what became of it. */
export type Rejections = Readonly<Record<string, Rejection>>;

type DesiredFiles = Pick<Desired, 'files' | 'fingerprint'>;

/** BIRD refuses a file as it is now desired. The refusal holds for exactly what BIRD read. */
export function refused(desired: DesiredFiles, besides: string | undefined, reason: string): Rejection {
  return { reason, of: readBesides(desired, besides), retryAtSeconds: undefined, silenced: false };
}

/** The file at `path` was loaded, or taken away, and that was taken back. */
export function undone(
  desired: DesiredFiles,
  path: string,
  nowSeconds: number,
  { reason, silenced }: Pick<Rejection, 'reason' | 'silenced'>,
): Rejection {
  return { reason, of: hashOfFile(desired, path), retryAtSeconds: nowSeconds + retryUndoneSeconds, silenced };
}

/**
 * The file at `path` was put back after an agent that was killed before it could confirm it. Nobody has looked at what it
 * led to: the same may be tried again at once, but only where the control plane would be missed.
 */
export function interrupted(desired: DesiredFiles, path: string, nowSeconds: number): Rejection {
  const reason =
    'the new BIRD configuration was not confirmed, because the agent ended before or BIRD did not answer';
  return { ...undone(desired, path, nowSeconds, { reason, silenced: true }), retryAtSeconds: nowSeconds };
}

/** Those that still stand: nothing that counts is new, and their time is not over. */
export function standing(
  rejections: Rejections,
  desired: DesiredFiles,
  besides: string | undefined,
  nowSeconds: number,
): Rejections {
  const kept = Object.entries(rejections).filter(([path, { of, retryAtSeconds }]) => {
    if (retryAtSeconds === undefined) return of === readBesides(desired, besides);
    const left = retryAtSeconds - nowSeconds;
    // A clock that was set back does not make the wait longer.
    return of === hashOfFile(desired, path) && left > 0 && left <= retryUndoneSeconds;
  });
  return Object.fromEntries(kept);
}

/** Why files that differ are not tried: path → reason. */
export function rejectedReasons(
  desired: DesiredFiles,
  { besides, nowSeconds }: Pick<Observed, 'besides' | 'nowSeconds'>,
  { rejected }: { readonly rejected: Rejections },
): Readonly<Record<string, string>> {
  const entries = Object.entries(standing(rejected, desired, besides, nowSeconds));
  return Object.fromEntries(entries.map(([path, { reason }]) => [path, reason]));
}

/** Why the same files were undone before, where that was because the control plane fell silent. */
export function silencedBefore(
  rejections: Rejections,
  desired: DesiredFiles,
  paths: readonly string[],
): string | undefined {
  const same = paths.flatMap((path) => {
    const rejection = rejections[path];
    return rejection?.silenced && rejection.of === hashOfFile(desired, path) ? [rejection.reason] : [];
  });
  return same[0];
}

/** True where a refusal may hold or not by what BIRD reads besides the agent's files. */
export function hasRefusals(rejections: Rejections): boolean {
  return Object.values(rejections).some(({ retryAtSeconds }) => retryAtSeconds === undefined);
}

/** What is left when somebody asks to try again: nothing but that some changes cut the node off before. */
export function tryAgain(rejections: Rejections): Rejections {
  const undoneOnes = Object.entries(rejections).filter(
    ([, { retryAtSeconds }]) => retryAtSeconds !== undefined,
  );
  return Object.fromEntries(undoneOnes.map(([path, one]) => [path, { ...one, retryAtSeconds: 0 }]));
}

function readBesides({ fingerprint }: DesiredFiles, besides: string | undefined): string {
  return hashOf([fingerprint, besides ?? '']);
}

function hashOfFile({ files }: DesiredFiles, path: string): string {
  const file = files?.find((candidate) => candidate.path === path);
  return file ? hashOf([file.content]) : 'removed';
}
