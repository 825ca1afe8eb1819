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
