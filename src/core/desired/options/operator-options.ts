import type { SessionOptions } from '../../model/session-options.js';

/** What the operator's file says of the sessions of an AS, or of one session. */
export interface OperatorOptions {
  /** The key as it stands in the file. */
  readonly key: string;
  readonly asn: number | undefined;
  /** Where `asn` is undefined. */
  readonly uuid: string | undefined;
  readonly options: SessionOptions;
}
