import type { InterfaceName } from '../../core/model/interface-name.js';
import { ProgramError, type Run } from '../../platform/exec.js';

export type Implementation = 'kernel' | 'userspace';

/** Makes a WireGuard interface of the kernel's: `ip link add dev NAME type wireguard`. Throws `ProgramError`. */
export async function createInKernel(run: Run, name: InterfaceName, signal?: AbortSignal): Promise<void> {
  await run('ip', ['link', 'add', 'dev', name, 'type', 'wireguard'], { signal });
}

/** True for what `ip` says where the kernel has no WireGuard, not even as a module it could load. */
export function isWithoutKernelSupport(error: unknown): boolean {
  return error instanceof ProgramError && /unknown device type|not supported/i.test(error.stderr);
}

/**
 * Makes a TUN interface with a wireguard-go daemon behind it, which lives until the interface is deleted. It serves when
 * this returns; one that ended right after its start, which happens where the machine is very busy, is started once more.
 * Throws `ProgramError` with the reason.
 */
export async function createInUserspace(run: Run, name: InterfaceName, signal?: AbortSignal): Promise<void> {
  for (let starts = 0; starts < 2; starts++) {
    await start(run, name, signal);
    if (await serves(run, name, signal)) return;
  }
  throw failure(name, 0, 'ended right after its start');
}

/** What has gone wrong wireguard-go prints on stdout; on stderr there is only a banner, which is no error. */
async function start(run: Run, name: InterfaceName, signal: AbortSignal | undefined): Promise<void> {
  const options = { signal, leavesDaemon: true, okExitCodes: [1] };
  const { exitCode, stdout } = await run('wireguard-go', [name], options);
  if (exitCode === 0) return;
  const reason = stdout.replace(/^ERROR: \(.*?\) [\d/]+ [\d:]+ /gm, '').trim() || 'gives no reason';
  throw failure(name, exitCode, reason);
}

/** The control socket is there before the daemon is: it answers when the daemon does, or breaks when that ends. */
async function serves(run: Run, name: InterfaceName, signal: AbortSignal | undefined): Promise<boolean> {
  const options = { signal, okExitCodes: [1] };
  return (await run('wg', ['show', name, 'listen-port'], options)).exitCode === 0;
}

function failure(name: InterfaceName, exitCode: number, reason: string): ProgramError {
  const message = `wireguard-go ${name}: ${reason}`;
  return new ProgramError({ program: 'wireguard-go', exitCode, stderr: reason, missing: false, message });
}
