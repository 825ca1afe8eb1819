import { open } from 'node:fs/promises';
import { run } from '../platform/exec.js';
import { ensurePrograms } from '../platform/programs.js';

/** Makes sure that what the lab runs is installed. Throws `MissingProgramsError` where it is not and cannot be. */
export function ensureLabPrograms(log: (text: string) => void): Promise<void> {
  return ensurePrograms({
    names: ['bird', 'fping', 'ip', 'nsenter', 'ping', 'unshare', 'wg', 'wireguard-go'],
    install: true,
    run,
    log,
  });
}

const tunDevice = '/dev/net/tun';

/** Throws where this user may not make tunnels: wireguard-go's are TUN devices. */
export async function ensureTunDevice(): Promise<void> {
  try {
    await (await open(tunDevice, 'r+')).close();
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
    const remedy = why === 'ENOENT' ? 'modprobe tun' : `run it as root, or chmod 666 ${tunDevice}`;
    throw new Error(`the lab's tunnels need ${tunDevice}, which cannot be opened (${why}): ${remedy}`, {
      cause,
    });
  }
}
