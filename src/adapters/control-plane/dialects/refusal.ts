import { readEnvelope, saysYes } from './envelope.js';

/** A no under a good HTTP status. */
export interface Refusal {
  /** In the answer's body; many use the HTTP status that they mean. */
  readonly code: number;
  readonly message: string;
}

/** Reads `{"code": 401, "message": "...", "data": null}` as the refusal it is; undefined for every other answer. */
export function readRefusal(answer: unknown): Refusal | undefined {
  const envelope = readEnvelope(answer);
  if (envelope === undefined || saysYes(envelope)) return undefined;
  return { code: envelope.code, message: envelope.message };
}
