import { inject } from 'vitest';
import type { Run } from '../../../src/platform/exec.js';
import { openGuestHost } from '../../kernel/guest-host.js';
import type { openAdapters } from './adapters.js';
import { openTunnelHost } from './tunnel-host.js';

/** What the kernel calls the interfaces of wireguard-go and its own. */
type TunnelKind = 'tun' | 'wireguard';

/** A host with the adapters on it: a namespace of this machine, or of the virtual machine of `npm run test:kernel`. */
export interface EitherHost extends ReturnType<typeof openAdapters> {
  readonly run: Run;
  /** What the adapter's tunnels must be. Nothing that the adapter says decides this. */
  readonly tunnelKind: TunnelKind;
  readonly hasDummies: boolean;
  /** A program takes this many times as long as on this machine. */
  readonly slowness: number;
  close(): Promise<void>;
}

/**
 * A host for a test that runs in both places. On this machine its tunnels are wireguard-go's, or with `auto` the kernel's
 * where that has WireGuard; in the virtual machine `auto` must find the kernel's.
 */
export async function openEitherHost(
  name: string,
  implementation: 'auto' | 'userspace' = 'userspace',
): Promise<EitherHost> {
  if (inject('machine') !== undefined) return openGuestHost(name);
  const host = await openTunnelHost(name, implementation);
  const { run } = host.namespace;
  const ofKernel = implementation === 'auto' && (await makes(run, 'wireguard'));
  const tunnelKind = ofKernel ? 'wireguard' : 'tun';
  return { ...host, run, tunnelKind, hasDummies: await makes(run, 'dummy'), slowness: 1 };
}

/** True where the kernel has this kind of interface. */
async function makes(run: Run, kind: string): Promise<boolean> {
  const options = { okExitCodes: [2] };
  const { exitCode } = await run('ip', ['link', 'add', 'dev', 'probe', 'type', kind], options);
  if (exitCode === 0) await run('ip', ['link', 'del', 'dev', 'probe']);
  return exitCode === 0;
}
