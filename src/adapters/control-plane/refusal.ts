import { z } from 'zod';

/** A no under a good HTTP status. */
export interface Refusal {
  /** In the answer's body; many use the HTTP status that they mean. */
  readonly code: number;
  readonly message: string;
}

const envelope = z.object({
  code: z.union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
  message: z.string().default(''),
});

/**
 * Reads `{"code": 401, "message": "...", "data": null}` as the refusal it is; undefined for every other answer. Codes
 * of success are 0, and 2xx where they are HTTP statuses.
 */
export function readRefusal(answer: unknown): Refusal | undefined {
  const { success, data } = envelope.safeParse(answer);
  return !success || data.code === 0 || isSuccess(data.code) ? undefined : data;
}

function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}
