import { z } from 'zod';

/** `{"code": 0, "message": "...", "data": {...}}`: how some control planes wrap every answer. */
export interface Envelope {
  /** 0 where all is well; many use the HTTP status that they mean for what is not. */
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

const schema = z.object({
  code: z.union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
  message: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  data: z.unknown().optional(),
});

/** The envelope that an answer comes in, or undefined where it comes in none. */
export function readEnvelope(answer: unknown): Envelope | undefined {
  return schema.safeParse(answer).data;
}

/** Codes of success are 0, and 2xx where they are HTTP statuses. */
export function saysYes({ code }: Envelope): boolean {
  return code === 0 || (code >= 200 && code < 300);
}

/** A no under a good HTTP status. */
export type Refusal = Omit<Envelope, 'data'>;

/** Reads `{"code": 401, "message": "...", "data": null}` as the refusal it is; undefined for every other answer. */
export function readRefusal(answer: unknown): Refusal | undefined {
  const envelope = readEnvelope(answer);
  if (envelope === undefined || saysYes(envelope)) return undefined;
  return { code: envelope.code, message: envelope.message };
}
