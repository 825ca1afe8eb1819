/** The kinds of failed calls, as far as the agent acts differently on them. */
export const failureKinds = [
  'unauthorized',
  'unknown-node',
  'rate-limited',
  'server-error',
  'timeout',
  'unreachable',
  'too-large',
  'not-json',
  'wrong-shape',
  'redirected',
  'other-dialect',
  'rejected',
] as const;

export type FailureKind = (typeof failureKinds)[number];

export interface Failure {
  readonly kind: FailureKind;
  /** Why, for an operator: one line without the call's name. */
  readonly reason: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** How long the control plane asks the agent to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the refusal came in an envelope. */
  readonly enveloped?: boolean;
  readonly cause?: Error | undefined;
}

/** A failed call to the control plane. `call` names it: "GET sessions". Holds no secret. */
export class ControlPlaneError extends Error {
  readonly call: string;
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly enveloped: boolean;

  constructor(call: string, failure: Failure) {
    super(`${call}: ${failure.reason}`, failure.cause === undefined ? {} : { cause: failure.cause });
    this.name = 'ControlPlaneError';
    this.call = call;
    this.kind = failure.kind;
    this.status = failure.status;
    this.retryAfterMs = failure.retryAfterMs;
    this.enveloped = failure.enveloped ?? false;
  }
}

/** What a kind of failure says of the control plane: whether it answers, and whether it refuses the content. */
const meaning: Readonly<Record<FailureKind, 'silence' | 'answer' | 'refusal'>> = {
  unreachable: 'silence',
  timeout: 'silence',
  unauthorized: 'answer',
  'rate-limited': 'answer',
  'server-error': 'answer',
  'too-large': 'answer',
  'not-json': 'answer',
  'wrong-shape': 'answer',
  redirected: 'answer',
  'other-dialect': 'answer',
  'unknown-node': 'refusal',
  rejected: 'refusal',
};

/** True where a call failed in this way. */
export function failedAs(kind: FailureKind, error: unknown): boolean {
  return error instanceof ControlPlaneError && error.kind === kind;
}

/** True where the control plane refuses the content (404, 422, `updated: false`). */
export function isRefusal(error: unknown): boolean {
  return error instanceof ControlPlaneError && meaning[error.kind] === 'refusal';
}

/** True where a failed call got an answer of the control plane; a refusal or a malformed answer counts. */
export function isAnswered(error: unknown): boolean {
  return error instanceof ControlPlaneError && meaning[error.kind] !== 'silence';
}
