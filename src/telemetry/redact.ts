/** Keys whose values must not reach a log, in any spelling (`privateKey`, `private_key`, `Authorization`). */
const secretKey = /^(?:\w*token|private_?key|preshared_?key|psk|credential|authorization|password|secret)$/i;

// The form of a secret inside a text: an HTTP authorization, or a line of a WireGuard configuration.
const secretText = /(\bBearer\s+|\b(?:PrivateKey|PresharedKey)\s*=\s*)[^\s"',]+/gi;

/**
 * The value with everything replaced that looks like a secret: the second defense behind the type `Secret`. Plain data
 * in, plain data out; drops what is nested deeper than 8 levels.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(secretText, '$1[secret]');
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[...]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretKey.test(key) && item !== undefined && item !== null ? '[secret]' : redact(item, depth + 1),
    ]),
  );
}
