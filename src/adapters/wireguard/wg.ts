import { Secret } from '../../core/model/values/secret.js';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { withPrivateFile } from './private-file.js';

/**
 * Makes an interface equal to a wg(8) configuration by `wg syncconf`; peers that stay keep their handshakes. The text
 * goes through a private file below `scratchDir`, for wg opens a path and Node's pipes are sockets, which cannot be
 * opened as `/dev/stdin`. Throws `ProgramError` without anything wg quoted from the configuration.
 */
export async function syncConfig(
  run: Run,
  { name, config, scratchDir }: { name: string; config: string; scratchDir: string },
  signal?: AbortSignal,
): Promise<void> {
  await withPrivateFile(scratchDir, completeConfig(config), async (path) => {
    try {
      await run('wg', ['syncconf', name, path], { signal });
    } catch (error) {
      throw error instanceof ProgramError ? withoutQuotes(error, `wg syncconf ${name}`) : error;
    }
  });
}

/** A new private key (`wg genkey`). */
export async function genkey(run: Run): Promise<Secret> {
  const text = (await run('wg', ['genkey'])).stdout.trim();
  if (!isWireGuardKey(text)) throw new Error('wg genkey printed no key');
  return new Secret(text);
}

/** wg quotes lines and keys that it does not understand: "Key is not the correct length or format: `...'". */
function withoutQuotes(error: ProgramError, operation: string): ProgramError {
  const hide = (text: string) => text.replace(/`[^\n]*'/g, "`...'");
  return new ProgramError({
    program: error.program,
    exitCode: error.exitCode,
    stderr: hide(error.stderr),
    missing: error.missing,
    message: hide(error.message.replace(`${error.program}:`, `${operation}:`)),
  });
}

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
