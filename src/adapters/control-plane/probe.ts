import { ControlPlaneError, type FailureKind } from '../../shell/ports/control-plane-error.js';
import type { Dialect } from './dialects/dialect.js';

/** What `GET config` has shown. */
export interface Found {
  readonly dialect: Dialect;
  /** What the answer held; undefined where the control plane said no, in words that give its dialect away. */
  readonly config: unknown;
}

/**
 * Finds out which of `dialects` is spoken by `GET config`, the first of them first. Two things must agree: the path at
 * which there is a configuration, and the form that it comes in. Where they do not, nothing is guessed, for a number of
 * the wrong dialect does harm: throws the error that says most.
 */
export async function probe(
  dialects: readonly Dialect[],
  ask: (dialect: Dialect) => Promise<unknown>,
): Promise<Found> {
  const refusals: Found[] = [];
  const errors: ControlPlaneError[] = [];
  for (const dialect of dialects) {
    try {
      return { dialect, config: await ask(dialect) };
    } catch (error) {
      if (!(error instanceof ControlPlaneError) || tellsNothing.has(error.kind)) throw error;
      errors.push(error);
      if (error.enveloped && dialect.enveloped) refusals.push({ dialect, config: undefined });
    }
  }
  const [refusal] = refusals;
  if (refusal !== undefined && !errors.some(({ kind }) => kind === 'other-dialect')) return refusal;
  throw mostTelling(errors);
}

// Who is not there, or has no time, is asked again later, not at another path.
const tellsNothing: ReadonlySet<FailureKind> = new Set([
  'unreachable',
  'timeout',
  'rate-limited',
  'server-error',
]);

const byTelling: readonly FailureKind[] = [
  'other-dialect',
  'unauthorized',
  'rejected',
  'wrong-shape',
  'too-large',
  'redirected',
  'not-json',
  'unknown-node',
];

function mostTelling(errors: readonly ControlPlaneError[]): ControlPlaneError {
  const rank = ({ kind }: ControlPlaneError) => byTelling.indexOf(kind);
  return errors.reduce((best, error) => (rank(error) < rank(best) ? error : best));
}
