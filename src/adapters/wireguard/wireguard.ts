import type { Links, WireGuard } from '../../shell/ports/host.js';
import { type CreateOptions, createInterfaces } from './create-interface.js';
import { openKernelSupport } from './kernel-support.js';
import { sweepPrivateFiles } from './private-file.js';
import { deviceReader, type ReadOptions } from './read-devices.js';
import { syncConfig } from './wg.js';

interface WireGuardOptions
  extends Omit<CreateOptions, 'socketDir'>,
    Partial<Pick<ReadOptions, 'socketDir' | 'unixTable'>> {
  readonly links: Links;
  readonly scratchDir: string;
}

/**
 * The WireGuard interfaces of the host. With `auto` the kernel makes them, or wireguard-go where the kernel has none now.
 * `scratchDir` holds configurations while wg reads them. `socketDir` and `unixTable` are where the host has the sockets of
 * wireguard-go, and the kernel's list of them.
 */
export function openWireGuard(options: WireGuardOptions): WireGuard {
  const { run, links, implementation, launcher, scratchDir, listeners } = options;
  const { socketDir = '/var/run/wireguard', kernelSupport = openKernelSupport() } = options;
  const read = deviceReader({
    run,
    kernelInterfaces: async (signal) =>
      (await links.observe(signal)).flatMap(({ kind, name }) => (kind === 'wireguard' ? [name] : [])),
    socketDir,
    unixTable: options.unixTable ?? '/proc/net/unix',
  });
  const creation = { run, links, implementation, launcher, socketDir, listeners, kernelSupport };
  let swept = false;
  return {
    observe: async (signal) => {
      if (!swept) await sweepPrivateFiles(scratchDir);
      swept = true;
      return read(signal);
    },
    create: (names, signal) => createInterfaces(creation, names, signal),
    // 0: any port that is free.
    freePort: async (name, signal) => void (await run('wg', ['set', name, 'listen-port', '0'], { signal })),
    syncConfig: (name, config, signal) => syncConfig(run, { name, config, scratchDir, socketDir }, signal),
    dropPeer: async (name, publicKey, signal) =>
      void (await run('wg', ['set', name, 'peer', publicKey, 'remove'], { signal })),
  };
}
