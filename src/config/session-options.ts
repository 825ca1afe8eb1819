import { z } from 'zod';
import type { OperatorOptions } from '../core/desired/options/operator-options.js';
import { type SessionOptions, sessionOptionKeys } from '../core/model/session-options.js';
import { asn } from '../core/model/values/asn.js';
import { sessionId } from '../core/model/values/session-id.js';

// A value here may be a password that stands in the wrong place: it is not shown.
const options = z
  .object(sessionOptionKeys, { error: 'an object with the options of a session is needed' })
  .partial();

/** `sessions` of the configuration file: the key is an ASN (`4242421080`, `AS4242421080`) or a session's uuid. */
export const operatorOptions = z
  .record(z.string(), options, {
    error: 'an object is needed whose keys are ASNs (AS4242421080) or uuids of sessions',
  })
  .superRefine((sessions, context) => {
    const seen = new Map<number, string>();
    for (const key of Object.keys(sessions)) {
      const number = asnOf(key);
      const other = number === undefined ? undefined : seen.get(number);
      if (number !== undefined) seen.set(number, key);
      const message =
        other === undefined ? whyNoKey(key) : `${key} is the same AS as ${other}; keep one of them`;
      if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message });
    }
  });

function whyNoKey(key: string): string | undefined {
  if (asnOf(key) !== undefined || (!/^(?:as)?\d+$/i.test(key) && sessionId.safeParse(key).success))
    return undefined;
  return `${JSON.stringify(key).slice(0, 60)} is neither an ASN from 1 to 4294967294 nor the uuid of a session`;
}

function asnOf(key: string): number | undefined {
  return /^(?:as)?\d+$/i.test(key) ? asn.safeParse(key).data : undefined;
}

/** In the order of the keys. */
export function toOperatorOptions(sessions: z.output<typeof operatorOptions>): OperatorOptions[] {
  const keys = Object.keys(sessions).sort();
  return keys.map((key) => {
    const number = asnOf(key);
    const values = Object.entries(sessions[key] ?? {}).filter(([, value]) => value !== undefined);
    return {
      key,
      asn: number,
      uuid: number === undefined ? key : undefined,
      options: Object.fromEntries(values) as SessionOptions,
    };
  });
}
