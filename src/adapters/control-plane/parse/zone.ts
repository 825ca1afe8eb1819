/**
 * A link-local address without the interface behind it (`fe80::2%wg_24001`, RFC 4007 section 11): it is the session's
 * anyhow. Everything else stays as it is; an address of another scope has no zone.
 */
export function withoutZone(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().replace(/^(fe[89ab][\da-f]:[^%]*)%[^/]*/i, '$1') : value;
}
