import type { InterfaceName } from '../../core/model/values/interface-name.js';
import type { WireGuardKey } from '../../core/model/values/wireguard-key.js';
import type { Run } from '../../platform/exec.js';

/** `wg set NAME peer KEY remove`. Throws `ProgramError`. */
export async function dropPeer(
  run: Run,
  name: InterfaceName,
  publicKey: WireGuardKey,
  signal?: AbortSignal,
): Promise<void> {
  await run('wg', ['set', name, 'peer', publicKey, 'remove'], { signal });
}
