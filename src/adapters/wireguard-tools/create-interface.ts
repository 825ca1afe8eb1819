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
 * Variables that would break wireguard-go's start. It starts itself a second time with WG_PROCESS_FOREGROUND=1 added
 * behind the environment it was given, where the first value counts: any other value there, also an empty one, makes
 * it start itself without end. With LOG_LEVEL the daemon would keep our pipes for its log, and we would wait for it.
 */
const environment = {
  WG_PROCESS_FOREGROUND: undefined,
  WG_TUN_FD: undefined,
  WG_UAPI_FD: undefined,
  LOG_LEVEL: undefined,
};

/**
 * Makes a TUN interface with a wireguard-go daemon behind it, which lives until the interface is deleted. Its control
 * socket exists when this returns. Throws `ProgramError`; the banner that wireguard-go prints is no error.
 */
export async function createInUserspace(run: Run, name: InterfaceName, signal?: AbortSignal): Promise<void> {
  try {
    await run('wireguard-go', [name], { signal, env: environment, leavesDaemon: true });
  } catch (error) {
    throw error instanceof ProgramError ? withoutBanner(error) : error;
  }
}

/** The banner is drawn with box characters (U+2500 to U+257F), one line each. */
function withoutBanner(error: ProgramError): ProgramError {
  const plain = (text: string) => text.replace(/^.*[\u2500-\u257F].*\n?/gm, '').trim();
  const stderr = plain(error.stderr);
  const message = stderr || plain(error.message).replace(/^wireguard-go: /, '');
  return new ProgramError({
    program: error.program,
    exitCode: error.exitCode,
    stderr,
    missing: error.missing,
    message: `wireguard-go: ${message || `failed with exit code ${error.exitCode}`}`,
  });
}
