import type { DesiredProtocol, Family, NodeProtocol } from '../desired/desired.js';
import type { BirdProtocol } from '../observed.js';
import { familyNames, hasChannel, ownBgp } from './families.js';
import type { NodeFault } from './node-fault.js';

/** Whether BIRD's routes of one family go into the kernel. */
export interface KernelSync {
  readonly family: Family;
  /** The kernel protocols of the family, ordinarily one. */
  readonly protocols: readonly string[];
  readonly isUp: boolean;
  /** Routes that go into the kernel now. */
  readonly exported: number;
}

/** One entry for each address family that the node's BGP carries. */
export function kernelSync(families: readonly Family[], running: readonly BirdProtocol[]): KernelSync[] {
  return families.map((family) => {
    const protocols = running.filter((each) => each.proto === 'Kernel' && carries(each, family));
    const up = protocols
      .filter(({ state }) => state === 'up')
      .flatMap(({ channels }) => channels.filter(({ name, state }) => name === family && state === 'UP'));
    return {
      family,
      protocols: protocols.map(({ name }) => name),
      isUp: up.length > 0,
      exported: up.reduce((total, { routes }) => total + (routes?.exported ?? 0), 0),
    };
  });
}

/** One that is down need not show its channels. */
function carries(protocol: BirdProtocol, family: Family): boolean {
  return protocol.channels.length === 0 || hasChannel(protocol, family);
}

/** What keeps routes from the kernel, where that is not a protocol of the agent's own: those have a fault of their own. */
export function kernelFaults(
  kernel: readonly KernelSync[],
  own: readonly NodeProtocol[],
  wanted: readonly DesiredProtocol[],
  running: readonly BirdProtocol[],
): NodeFault[] {
  const isOwn = (family: Family) =>
    own.some(({ type, families }) => type === 'kernel' && families.includes(family));
  return kernel.flatMap((sync): NodeFault[] => {
    if (isOwn(sync.family)) return [];
    const words = describe(sync, bestRoutes(ownBgp(wanted, running), sync.family));
    return words === undefined
      ? []
      : [{ subject: `${familyNames[sync.family]} routes in the kernel`, words }];
  });
}

/** The node's own files are not said to be of the kernel protocols: these are an operator's. */
function describe({ family, protocols, isUp, exported }: KernelSync, best: number): string | undefined {
  const name = familyNames[family];
  const [first] = protocols;
  if (first === undefined)
    return `BIRD has no kernel protocol for ${name}, so no ${name} route reaches the kernel. Add this line to bird.conf: protocol kernel { ${family} { import none; export filter moenet_kernel; }; }`;
  if (!isUp)
    return `BIRD's kernel protocol ${first} is disabled, so no ${name} route reaches the kernel. Type: birdc enable ${first}`;
  if (exported === 0 && best > 0)
    return `BIRD's kernel protocol ${first} exports no ${name} route, although neighbors have sent some. Look at its export filter in bird.conf; moenet_kernel is the agent's`;
  return undefined;
}

/** How many of the BGP routes are the best of their network. */
function bestRoutes(bgp: readonly BirdProtocol[], family: Family): number {
  return bgp
    .flatMap(({ channels }) => channels.filter(({ name }) => name === family))
    .reduce((total, { routes }) => total + (routes?.preferred ?? 0), 0);
}
