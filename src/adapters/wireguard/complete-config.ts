/** What a peer's section must name, because `wg syncconf` leaves it as it was where the section is silent. */
const silentKeys: Readonly<Record<string, string>> = {
  // A key of zeros is how WireGuard spells "none" (wg(8), "PresharedKey").
  presharedkey: `PresharedKey = ${Buffer.alloc(32).toString('base64')}`,
  persistentkeepalive: 'PersistentKeepalive = off',
};

/**
 * Adds to each `[Peer]` section of a wg(8) configuration the lines that clear what the section does not mention.
 * Without them a preshared key or keepalive that was taken out of the text would stay on the interface for ever.
 */
export function completeConfig(config: string): string {
  return config
    .split(/^(?=[ \t]*\[)/m)
    .map((section) => (/^[ \t]*\[peer\]/i.test(section) ? completePeer(section) : section))
    .join('');
}

function completePeer(section: string): string {
  const named = new Set(
    [...section.matchAll(/^[ \t]*(\w+)[ \t]*=/gm)].map((match) => match[1]?.toLowerCase()),
  );
  const missing = Object.entries(silentKeys).filter(([key]) => !named.has(key));
  return missing.reduce((text, [, line]) => text.replace(/\n*$/, `\n${line}\n`), section);
}
