import { z } from 'zod';

/** A WireGuard public key: 32 bytes as base64, 44 characters (wg(8)). */
export type WireGuardKey = string & z.$brand<'WireGuardKey'>;

// 43 significant characters and one "=": the last of them carries 4 bits, so its low 2 bits must be zero.
const keyPattern = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** True for 32 bytes of canonical base64, the form that wg(8) prints and takes. */
export function isWireGuardKey(text: string): boolean {
  return keyPattern.test(text);
}

export const wireGuardKey = z
  .string()
  .trim()
  .refine(isWireGuardKey, 'not a WireGuard key: 32 bytes in base64, 44 characters')
  .brand<'WireGuardKey'>();
