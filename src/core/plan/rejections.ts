import type { Desired } from '../desired/desired.js';
import { hashOf } from '../model/fingerprint.js';
import type { Observed } from '../model/observed.js';
import { retryUndoneSeconds } from './cut-offs.js';

/** A file that BIRD refused, or that the agent undid because of its effect. The agent does not try the same again. */
export interface Rejection {
  readonly reason: string;
  /**
   * A hash of what must change before the agent tries again: for a refused file, anything that BIRD reads, or BIRD itself,
   * because the cause may be elsewhere; for an undone file, this file.
   */
  readonly of: string;
  /** Unix seconds; the agent may try an undone file again from then on; undefined: never by itself. */
  readonly retryAtSeconds: number | undefined;
  /** True where the control plane stopped answering: it must answer before the agent tries the same again. */
  readonly silenced: boolean;
}

/** Path → its rejection. */
export type Rejections = Readonly<Record<string, Rejection>>;

type DesiredFiles = Pick<Desired, 'files' | 'fingerprint'>;

/** BIRD refuses a file as it is now desired. The refusal is valid for exactly what BIRD read. */
export function refused(desired: DesiredFiles, besides: string | undefined, reason: string): Rejection {
  return { reason, of: readBesides(desired, besides), retryAtSeconds: undefined, silenced: false };
}

/** The agent wrote or removed the file at `path`, and undid that. */
export function undone(
  desired: DesiredFiles,
  path: string,
  nowSeconds: number,
  { reason, silenced }: Pick<Rejection, 'reason' | 'silenced'>,
): Rejection {
  return { reason, of: hashOfFile(desired, path), retryAtSeconds: nowSeconds + retryUndoneSeconds, silenced };
}

/**
 * The agent put the file at `path` back, because an agent was killed before it confirmed it. Its effect is unknown: the
 * agent may try the same again at once, but only if the control plane answers.
 */
export function interrupted(desired: DesiredFiles, path: string, nowSeconds: number): Rejection {
  const reason = 'the agent ended, or BIRD did not answer, before the new BIRD configuration was confirmed';
  return { ...undone(desired, path, nowSeconds, { reason, silenced: true }), retryAtSeconds: nowSeconds };
}

/** The rejections that are still valid: nothing relevant has changed, and their time is not over. */
export function standing(
  rejections: Rejections,
  desired: DesiredFiles,
  besides: string | undefined,
  nowSeconds: number,
): Rejections {
  const still = Object.entries(rejections).filter(([path, { of, retryAtSeconds }]) => {
    if (retryAtSeconds === undefined) return of === readBesides(desired, besides);
    const left = retryAtSeconds - nowSeconds;
    // A clock that was set back does not make the wait longer.
    return of === hashOfFile(desired, path) && left > 0 && left <= retryUndoneSeconds;
  });
  return Object.fromEntries(still);
}

/** Why the agent does not try files that differ: path → reason. */
export function rejectedReasons(
  desired: DesiredFiles,
  { besides, nowSeconds }: Pick<Observed, 'besides' | 'nowSeconds'>,
  { rejected }: { readonly rejected: Rejections },
): Readonly<Record<string, string>> {
  const entries = Object.entries(standing(rejected, desired, besides, nowSeconds));
  return Object.fromEntries(entries.map(([path, { reason }]) => [path, reason]));
}

/** Why the same files were undone before, if that was because the control plane stopped answering. */
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

/** True where a refusal may depend on what BIRD reads besides the agent's files. */
export function hasRefusals(rejections: Rejections): boolean {
  return Object.values(rejections).some(({ retryAtSeconds }) => retryAtSeconds === undefined);
}

/** The rejections after an operator asks to try again: only those of undone files, which may be tried at once. */
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
