import { kernelNames } from '../model/names.js';
import { type BirdProtocol, establishedNames } from '../model/observed.js';
import { type PreservedNode, preservedKernel, preservedNode } from '../model/preserved.js';
import type { TakeOverInput } from './candidates.js';

/**
 * What of the node must stay. Another router id, host name or device protocol resets all sessions. Kernel protocols with
 * other names or times make BIRD remove all routes from the kernel and add them again. (Babel restarts in any case, because
 * BIRD 2.0.12 cannot change its import filter otherwise.)
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

/** True where the agent would configure the same by itself. */
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
