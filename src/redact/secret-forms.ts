import { minSecretLength } from './known-secrets.js';

/** Keys whose values nobody may see, in any spelling (`privateKey`, `private_key`, `Authorization`). */
const secretKey =
  /^(?:[\w-]*(?:token|password|passwd|passphrase|secret)|[\w-]*(?:private|pre-?shared)[_-]?key|psk|api[_-]?key|credential|authorization|cookie)$/i;

/**
 * The forms of a secret inside a text. Group `before` stays, what follows it is the secret: HTTP's authorization, keys of WireGuard, a
 * password of BIRD's, a user's in a URL, a credential of systemd's, and `key=value` or `"key": "value"`.
 */
const secretForms: readonly RegExp[] = [
  /(?<before>\bBearer\s+)[^\s"',\\]+/gi,
  /(?<before>\b(?:proxy-)?authorization\b\\?["']?\s*[:=]\s*\\?["']?)(?:(?:basic|bearer|digest)\s+)?[^\s"',\\]+/gi,
  /(?<before>\b(?:PrivateKey|PresharedKey)\s*=\s*)[^\s"',\\]+/gi,
  /(?<before>\b(?:private|pre-?shared)[ _-]?keys?\b[^\n]{0,60}?)(?:[A-Za-z0-9+/]{43}=|[0-9a-f]{64})/gi,
  /(?<before>\bpassword\s+(?<quote>\\?["']))(?!\k<quote>)[^\n]+?(?=\k<quote>|\n|$)/gi,
  /(?<before>\bpassword\s+)(?:hex:[0-9a-f:]+|[0-9a-f]{2}(?::?[0-9a-f]{2}){7,})/gi,
  /(?<before>\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'<>]+(?=@)/gi,
  /(?<before>\bSetCredential(?:Encrypted)?\s*=\s*[^:\s]+:)(?:[^\n]*\\\n)*[^\n]+/gi,
  /(?<before>(?:token|password|passwd|passphrase|secret|psk|api[_-]?key)\s*=\s*(?<quote>\\?["']))(?!\k<quote>)[^\n]+?(?=\k<quote>|\n|$)/gi,
  /(?<before>(?:token|password|passwd|passphrase|secret|psk|api[_-]?key)=)[^\s"',;&\\]+/gi,
  /(?<before>(?<quote>\\?")[\w-]{0,40}(?:token|password|passwd|passphrase|secret|psk|credential|(?:private|pre-?shared)[_-]?key)\k<quote>\s*:\s*\k<quote>)(?!\k<quote>)[^\n]+?(?=\k<quote>|\n|$)/gi,
];

/** What each of the forms has in it. Most texts have nothing of it, and are read once instead of once for each form. */
const sign = /bearer|authorization|key|pass|token|secret|psk|credential|:\/\//i;

const mark = '[secret]';

/** The text with everything replaced that looks like a secret: the second defense, behind the type `Secret` and `redactKnown`. */
export function redactText(text: string): string {
  if (!sign.test(text)) return text;
  return secretForms.reduce((shown, form) => shown.replace(form, `$<before>${mark}`), text);
}

/** The secrets that `redactText` would replace, as far as they are long enough to be looked for elsewhere. */
export function secretsInText(text: string): string[] {
  return secretForms
    .flatMap((form) => [...text.matchAll(form)])
    .map((match) => match[0].slice(match.groups?.['before']?.length ?? 0))
    .flatMap(wordsOfSecret)
    .filter((secret) => secret.length >= minSecretLength && !secret.startsWith('['));
}

/** `user:password` and `Basic TOKEN` are secrets, and so is their second half alone. */
function wordsOfSecret(secret: string): string[] {
  const [, half] = /^[^\s:]*[\s:]+(\S+)$/.exec(secret) ?? [];
  return half === undefined ? [secret] : [secret, half];
}

/**
 * The value with everything replaced that looks like a secret. Plain data in, plain data out; drops what is nested deeper than
 * `deepest` levels.
 */
export function redact(value: unknown, deepest = 8, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '[...]';
  if (Array.isArray(value)) return value.map((item) => redact(item, deepest, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretKey.test(key) && item !== undefined && item !== null ? mark : redact(item, deepest, depth + 1),
    ]),
  );
}

const publicKey = /^[A-Za-z0-9+/]{43}=$/;

/** The secrets in a document: what stands under a secret's key, also in JSON text within it. */
export function secretsIn(value: unknown, isSecret = false, depth = 0): string[] {
  if (depth > 32) return [];
  if (typeof value === 'string') return isSecret ? secretsInValue(value, depth) : secretsInText(value);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    // A credential may be a peer's public key alone, which is none.
    key === 'credential' && (typeof item === 'object' || publicKey.test(String(item).trim()))
      ? secretsIn(item, false, depth + 1)
      : secretsIn(item, secretKey.test(key) || (isSecret && Array.isArray(value)), depth + 1),
  );
}

function secretsInValue(text: string, depth: number): string[] {
  if (!/^\s*[{["]/.test(text)) return [text];
  try {
    return secretsIn(JSON.parse(text), false, depth + 1);
  } catch {
    return [text];
  }
}
