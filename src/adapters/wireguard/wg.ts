import { Secret } from '../../core/model/values/secret.js';
import { isWireGuardKey } from '../../core/model/values/wireguard-key.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { completeConfig } from './complete-config.js';
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

/** `wg set NAME listen-port PORT`; 0: any port that is free. Throws `ProgramError`. */
export async function setListenPort(
  run: Run,
  name: string,
  port: number,
  signal?: AbortSignal,
): Promise<void> {
  await run('wg', ['set', name, 'listen-port', String(port)], { signal });
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
