import { Secret } from '../../core/model/values/secret.js';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { deviceSettings, peerKeysOf } from './device-settings.js';
import { askDevice, deviceSocket } from './device-socket.js';
import { withPrivateFile } from './private-file.js';

export interface SyncCall {
  readonly name: string;
  readonly config: string;
  readonly scratchDir: string;
  /** Where the sockets of wireguard-go are. */
  readonly socketDir: string;
}

/**
 * Makes an interface equal to a wg(8) configuration; peers that stay keep their handshakes. A wireguard-go is told by its socket, which
 * starts no program; an interface of the kernel's is changed by `wg syncconf`, and so is any with a text that only wg(8) understands. That
 * text goes through a private file below `scratchDir`, for wg opens a path and Node's pipes are sockets, which cannot be opened as
 * `/dev/stdin`. Throws without anything quoted from the configuration.
 */
export async function syncConfig(run: Run, call: SyncCall, signal?: AbortSignal): Promise<void> {
  const { name, scratchDir } = call;
  const config = completeConfig(call.config);
  if (await tellServer({ ...call, config }, signal)) return;
  await withPrivateFile(scratchDir, config, async (path) => {
    try {
      await run('wg', ['syncconf', name, path], { signal });
    } catch (error) {
      throw error instanceof ProgramError ? withoutQuotes(error, `wg syncconf ${name}`) : error;
    }
  });
}

/** False where it is wg(8) that must do it. */
async function tellServer(
  { name, config, socketDir }: SyncCall,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const path = deviceSocket(socketDir, name);
  const timeoutMs = 10_000;
  const ask = async (request: string) => {
    const answer = await askDevice({ path, request, timeoutMs }, signal);
    if (answer === 'ended') throw new Error(`the wireguard-go of ${name} has ended`);
    if (answer !== 'no socket' && answer.problem !== undefined)
      throw new Error(`the wireguard-go of ${name} refuses the configuration: ${answer.problem}`);
    return answer;
  };
  const now = await ask('get=1\n');
  if (now === 'no socket') return false;
  const settings = deviceSettings(config, peerKeysOf(now.text));
  return settings !== undefined && (await ask(settings)) !== 'no socket';
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
