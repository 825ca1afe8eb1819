import { splitDeclarations } from '../bird-syntax/statements.js';
import { tokenize } from '../bird-syntax/tokens.js';
import { type Asn, asn } from '../model/values/asn.js';

/** Where operators write down, in the previous agents' form, which ASNs may be in no path. */
export const blacklistFile = 'blacklist.conf';

/**
 * The ASNs of `function is_blacklisted() { return bgp_path ~ [= * [64511, 64512] * =]; }`; none where the text is no such
 * thing.
 */
export function readBlacklist(text: string | undefined): Asn[] {
  if (text === undefined) return [];
  const body = bodyOf(text);
  return body.flatMap((token) => {
    const parsed = asn.safeParse(token.kind === 'number' ? Number(token.text) : undefined);
    return parsed.success ? [parsed.data] : [];
  });
}

function bodyOf(text: string) {
  try {
    const found = splitDeclarations(tokenize([{ path: blacklistFile, text }])).find(
      ({ words }) => words[0]?.text === 'function' && words[1]?.text === 'is_blacklisted',
    );
    return found?.block ?? [];
  } catch {
    return [];
  }
}
