import { kernelNames } from '../model/names.js';
import { type BirdProtocol, establishedNames } from '../model/observed.js';
import { type PreservedNode, preservedKernel, preservedNode } from '../model/preserved.js';
import type { TakeOverInput } from './candidates.js';

/**
 * All of BIRD's sessions go down with another router id, host name or device protocol. With kernel protocols of other names or
 * times, BIRD takes all routes out of the kernel and puts them in again. (Babel starts anew whatever its name is, for BIRD
 * 2.0.12 cannot change its import filter otherwise.)
 */
export function preservedNodeOf({ wanted, present, remembered }: TakeOverInput): PreservedNode | undefined {
  const { node, mode } = wanted;
  const { previous, bird, ownFiles } = present;
  const { preserved, recalled } = remembered;
  const wish = node.routerId ?? '';
  const lives = !bird.running || establishedNames(bird).length > 0;
  if (mode === 'include' || !lives) return undefined;
  const own = previous ? undefined : recalled;
  if (!own && (!previous || ownFiles.size > 0))
    return preserved.node?.wish === wish ? preserved.node : undefined;
  if (!bird.running) return undefined;
  const config = own?.config ?? (previous && 'config' in previous ? previous.config : undefined);
  const kernel = (channel: string) => {
    const name = onlyOne(
      bird.protocols.filter(({ proto, channels }) => proto === 'Kernel' && channels[0]?.name === channel),
    );
    const scanTime = config?.scanTimes.get(name ?? '');
    return preservedKernel({ name, scanTime });
  };
  const found = preservedNode({
    wish,
    routerId: bird.routerId,
    hostname: config?.hostname,
    deviceName: onlyOne(bird.protocols.filter(({ proto }) => proto === 'Device')),
    kernelIpv4: kernel('ipv4'),
    kernelIpv6: kernel('ipv6'),
  });
  return own && isOrdinary(found) ? undefined : found;
}

/** True where the agent would have it so by itself. */
function isOrdinary(node: PreservedNode | undefined): boolean {
  const names = [node?.deviceName, node?.kernelIpv4?.name, node?.kernelIpv6?.name];
  return (
    node?.routerId === node?.wish &&
    node?.hostname === undefined &&
    names.join() === ['device1', kernelNames.ipv4, kernelNames.ipv6].join()
  );
}

function onlyOne([protocol, ...others]: readonly BirdProtocol[]): string | undefined {
  return others.length > 0 ? undefined : protocol?.name;
}
