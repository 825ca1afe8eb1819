import { establishedNames } from '../established.js';
import type { BirdProtocol } from '../observed.js';
import type { TakeOverInput } from './candidates.js';
import { type KeptNode, keptKernel, keptNode } from './kept.js';

/**
 * All of BIRD's sessions go down with another router id, host name or device protocol. With kernel protocols of other names or
 * times, BIRD takes all routes out of the kernel and puts them in again. (Babel starts anew whatever its name is, for BIRD
 * 2.0.12 cannot change its import filter otherwise.)
 */
export function keptNodeOf({
  node,
  mode,
  former,
  bird,
  kept,
  ownFiles,
}: TakeOverInput): KeptNode | undefined {
  const wish = node.routerId ?? '';
  const lives = !bird.running || establishedNames(bird).length > 0;
  if (mode === 'include' || !lives) return undefined;
  if (!former || ownFiles.size > 0) return kept.node?.wish === wish ? kept.node : undefined;
  if (!bird.running) return undefined;
  const config = 'config' in former ? former.config : undefined;
  const kernel = (channel: string) => {
    const name = onlyOne(
      bird.protocols.filter(({ proto, channels }) => proto === 'Kernel' && channels[0]?.name === channel),
    );
    const scanTime = config?.scanTimes.get(name ?? '');
    return keptKernel({ name, scanTime });
  };
  return keptNode({
    wish,
    routerId: bird.routerId,
    hostname: config?.hostname,
    deviceName: onlyOne(bird.protocols.filter(({ proto }) => proto === 'Device')),
    kernelIpv4: kernel('ipv4'),
    kernelIpv6: kernel('ipv6'),
  });
}

function onlyOne([protocol, ...others]: readonly BirdProtocol[]): string | undefined {
  return others.length > 0 ? undefined : protocol?.name;
}
