import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Run, run } from '../platform/exec.js';
import { ensurePrograms, MissingProgramsError, type ProgramName } from './ensure-programs.js';
import { frrPrograms } from './hosts/frr.js';
import { CannotRunError, userNamespace } from './own-namespaces.js';

/**
 * Makes sure that the lab can run here: there are namespaces, the programs are installed, and there is a WireGuard, the kernel's or else
 * wireguard-go with a device for its tunnels. Throws `CannotRunError` where the machine has no such things, before anything is installed
 * in vain, and `MissingProgramsError`. FRR it does without.
 */
export async function ensureLab(log: (text: string) => void): Promise<void> {
  const ensure = (names: readonly ProgramName[]) => ensurePrograms({ names, install: true, run, log });
  await ensure(['unshare']);
  await userNamespace(run);
  await ensure(['bird', 'fping', 'ip', 'nsenter', 'ping', 'wg']);
  await ensure(['vtysh']).catch((error: unknown) => {
    if (!(error instanceof MissingProgramsError)) throw error;
  });
  if (await hasKernelWireGuard(run)) return;
  await ensureTunDevice();
  await ensure(['wireguard-go']);
}

/** True where this machine has FRR. */
export function hasFrr(): boolean {
  return existsSync(`${frrPrograms}/bgpd`);
}

/** True where the kernel makes WireGuard interfaces, in a network namespace that is gone with the question. */
export async function hasKernelWireGuard(by: Run): Promise<boolean> {
  const probe = ['ip', 'link', 'add', 'dev', 'probe', 'type', 'wireguard'];
  const works = (...user: readonly string[]) =>
    by('unshare', [...user, '--net', '--', ...probe]).then(
      () => true,
      () => false,
    );
  return (await works()) || (await works('--user', '--map-root-user'));
}

const tunDevice = '/dev/net/tun';

/** Throws where this user may not make tunnels: wireguard-go's are TUN devices. */
async function ensureTunDevice(): Promise<void> {
  try {
    await (await open(tunDevice, 'r+')).close();
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause;
    const remedy = why === 'ENOENT' ? 'modprobe tun' : `run it as root, or chmod 666 ${tunDevice}`;
    throw new CannotRunError(
      `the lab's tunnels need ${tunDevice}, which cannot be opened (${why}): ${remedy}`,
      cause,
    );
  }
}
