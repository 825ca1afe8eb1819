import { readFile, writeFile } from 'node:fs/promises';
import { ensurePrograms } from '../../src/lab/ensure-programs.js';
import { run } from '../../src/platform/exec.js';

/** Each wireguard-go has one of the instances that the kernel gives a user, which are 128 for all of root's programs. */
const inotifyInstances = '/proc/sys/fs/inotify/max_user_instances';
const enoughInstances = 4096;

/** Every test that drives real programs needs them; without them the run fails here, it never skips. */
export default async function setup(): Promise<void> {
  const instances = Number(await readFile(inotifyInstances, 'utf8'));
  // In a container it may be read-only; then those that there are must do.
  if (instances < enoughInstances)
    await writeFile(inotifyInstances, String(enoughInstances)).catch(() => undefined);
  await ensurePrograms({
    names: [
      'bird',
      'fish',
      'fping',
      'groff',
      'ip',
      'man',
      'nft',
      'nsenter',
      'openssl',
      'ping',
      'systemd-analyze',
      'systemd-nspawn',
      'systemd-notify',
      'traceroute',
      'unshare',
      'vtysh',
      'wg',
      'wireguard-go',
      'zsh',
    ],
    install: true,
    run,
    log: (text) => console.error(text),
  });
}
