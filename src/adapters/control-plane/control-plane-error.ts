/** What went wrong with a call, as far as one would act differently on it. */
export type FailureKind =
  | 'unauthorized'
  | 'unknown-node'
  | 'rate-limited'
  | 'server-error'
  | 'timeout'
  | 'unreachable'
  | 'too-large'
  | 'not-json'
  | 'wrong-shape'
  | 'redirected'
  | 'other-dialect'
  | 'rejected';

export interface Failure {
  readonly kind: FailureKind;
  /** Why, for an operator: one line without the call's name. */
  readonly reason: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** How long the control plane asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** Whether it was said in an envelope. */
  readonly enveloped?: boolean;
  readonly cause?: Error | undefined;
}

/** A call to the control plane that did not succeed. `call` names it: "GET sessions". Holds no secret. */
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
