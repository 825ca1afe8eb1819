/** A shorter piece of an encoded secret would be found in honest texts. */
const minEncodedLength = 8;

/**
 * How a secret may look in a text: as it is, in a URL, in JSON (also in JSON within JSON, and with `\/`), and in base64 or hexadecimal.
 * A WireGuard key is base64 of bytes, which WireGuard's own protocol and other programs write in hexadecimal.
 */
export function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const plain = [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', '\\/'),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
  const bytes = Buffer.from(secret);
  const encoded = [bytes.toString('hex'), ...inBase64(bytes), ...ofKey(secret)];
  return unique([...plain, ...encoded.filter(({ length }) => length >= minEncodedLength)]);
}

/**
 * The characters that the bytes determine in base64 of a longer text with them, such as `user:password`: by where they begin, there are
 * three possibilities.
 */
function inBase64(bytes: Buffer): string[] {
  const parts = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [...parts, ...parts.map(forUrl)];
}

/** Of 32 bytes in base64: without the padding, in the alphabet of URLs, and in hexadecimal. */
function ofKey(secret: string): string[] {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(secret)) return [];
  const bare = secret.slice(0, -1);
  return [bare, forUrl(bare), Buffer.from(secret, 'base64').toString('hex')];
}

/** base64url (RFC 4648, section 5). */
function forUrl(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
