import { splitDeclarations } from '../bird-syntax/statements.js';
import { tokenize } from '../bird-syntax/tokens.js';
import type { Observed } from '../model/observed.js';
import { type Asn, asn } from '../model/values/asn.js';
import type { NodeSettings } from './settings.js';

/** The file in which operators list blocked ASNs, in the previous agents' format. */
export const blacklistFile = 'blacklist.conf';

/**
 * The ASNs of `function is_blacklisted() { return bgp_path ~ [= * [64511, 64512] * =]; }`; none of any
 * other text.
 */
export function readBlacklist(text: string | undefined): Asn[] {
  if (text === undefined) return [];
  const body = bodyOf(text);
  return body.flatMap((token) => {
    const parsed = asn.safeParse(token.kind === 'number' ? Number(token.text) : undefined);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The settings, with the ASNs of the blacklist file also blocked. */
export function withBlacklist(
  settings: NodeSettings,
  { birdFiles }: Pick<Observed, 'birdFiles'>,
): NodeSettings {
  const { policy } = settings;
  const listed = readBlacklist(birdFiles.get(blacklistFile));
  return { ...settings, policy: { ...policy, blockedAsns: [...policy.blockedAsns, ...listed] } };
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
