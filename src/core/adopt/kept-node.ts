import { type KeptNode, keptKernel, keptNode } from '../model/kept.js';
import { kernelNames } from '../model/names.js';
import { type BirdProtocol, establishedNames } from '../model/observed.js';
import type { TakeOverInput } from './candidates.js';

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
  recalled,
}: TakeOverInput): KeptNode | undefined {
  const wish = node.routerId ?? '';
  const lives = !bird.running || establishedNames(bird).length > 0;
  if (mode === 'include' || !lives) return undefined;
  const own = former ? undefined : recalled;
  if (!own && (!former || ownFiles.size > 0)) return kept.node?.wish === wish ? kept.node : undefined;
  if (!bird.running) return undefined;
  const config = own?.config ?? (former && 'config' in former ? former.config : undefined);
  const kernel = (channel: string) => {
    const name = onlyOne(
      bird.protocols.filter(({ proto, channels }) => proto === 'Kernel' && channels[0]?.name === channel),
    );
    const scanTime = config?.scanTimes.get(name ?? '');
    return keptKernel({ name, scanTime });
  };
  const found = keptNode({
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
function isOrdinary(node: KeptNode | undefined): boolean {
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
