import { run } from '../../src/platform/exec.js';
import { ensurePrograms } from '../../src/platform/programs.js';

/** Every test that drives real programs needs them; without them the run fails here, it never skips. */
export default async function setup(): Promise<void> {
  await ensurePrograms({
    names: [
      'bird',
      'fping',
      'ip',
      'nft',
      'nsenter',
      'openssl',
      'ping',
      'systemd-analyze',
      'systemd-notify',
      'traceroute',
      'unshare',
      'wg',
      'wireguard-go',
    ],
    install: true,
    run,
    log: (text) => console.error(text),
  });
}
