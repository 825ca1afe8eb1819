/** Limits of the HTTP client; times in milliseconds. */
export interface HttpLimits {
  /** For DNS, TCP and TLS together. */
  readonly connectTimeoutMs: number;
  /** From the request to the end of the answer's headers. */
  readonly headersTimeoutMs: number;
  /** Between two parts of the answer's body. */
  readonly bodyTimeoutMs: number;
  /** From sending the request to the last byte of its answer. */
  readonly totalTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** How often a request is tried again. */
  readonly retries: number;
  /** The first wait before a retry, doubled from then on. */
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
}

/**
 * 1,000 sessions take about 1 MiB. Parsed JSON can take ten times its length in memory, and a node may be a small
 * machine: 8 MiB. Few retries, as each loop comes round again by itself.
 */
export const defaultLimits: HttpLimits = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 20_000,
  bodyTimeoutMs: 20_000,
  totalTimeoutMs: 60_000,
  maxBodyBytes: 8 * 1024 * 1024,
  retries: 2,
  minRetryMs: 500,
  maxRetryMs: 15_000,
};
