import type { DesiredProtocol, NodeProtocol } from '../../model/artifacts.js';
import type { BirdProtocol } from '../../model/observed.js';
import { type Family, families, familyNames } from '../../model/values/family.js';
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

/** A protocol that is down may not show its channels. */
function carries(protocol: BirdProtocol, family: Family): boolean {
  return protocol.channels.length === 0 || hasChannel(protocol, family);
}

/** What keeps routes from the kernel. An own protocol that is disabled has its own fault. */
export function kernelFaults(
  kernel: readonly KernelSync[],
  own: readonly NodeProtocol[],
  wanted: readonly DesiredProtocol[],
  running: readonly BirdProtocol[],
): NodeFault[] {
  return kernel.flatMap((sync): NodeFault[] => {
    const { family, protocols } = sync;
    const isOwn = own.some(({ type, families }) => type === 'kernel' && families.includes(family));
    const first = running.find(({ name }) => name === protocols[0]);
    const words =
      describeChannel(sync, first) ??
      (isOwn ? undefined : describeOperators(sync, first, bestRoutes(ownBgp(wanted, running), family)));
    return words === undefined ? [] : [{ subject: `${familyNames[family]} routes in the kernel`, words }];
  });
}

function describeChannel({ family, isUp }: KernelSync, first: BirdProtocol | undefined): string | undefined {
  if (isUp || first?.state !== 'up') return undefined;
  const name = familyNames[family];
  return `the ${name} channel of BIRD's kernel protocol ${first.name} is not up, so no ${name} route reaches the kernel. See: birdc show protocols all ${first.name}`;
}

/** The kernel protocol is an operator's, or there is none. */
function describeOperators(
  { family, isUp, exported }: KernelSync,
  first: BirdProtocol | undefined,
  best: number,
): string | undefined {
  const name = familyNames[family];
  if (first === undefined)
    return `BIRD has no kernel protocol for ${name}, so no ${name} route reaches the kernel. Add this line to bird.conf: protocol kernel { ${family} { import none; export filter moenet_kernel; }; }`;
  if (!isUp)
    return `BIRD's kernel protocol ${first.name} is disabled, so no ${name} route reaches the kernel. Run: birdc enable ${first.name}`;
  if (exported === 0 && best > 0)
    return `BIRD's kernel protocol ${first.name} exports no ${name} route, although neighbors have sent some. Look at its export filter in bird.conf; moenet_kernel is the agent's`;
  return undefined;
}

/** How many of the BGP routes are the best of their network. */
function bestRoutes(bgp: readonly BirdProtocol[], family: Family): number {
  return bgp
    .flatMap(({ channels }) => channels.filter(({ name }) => name === family))
    .reduce((total, { routes }) => total + (routes?.preferred ?? 0), 0);
}

/** The address families of the agent's BGP protocols in BIRD, up or not. */
export function familiesInUse(
  wanted: readonly DesiredProtocol[],
  running: readonly BirdProtocol[],
): readonly Family[] {
  const bgp = ownBgp(wanted, running);
  return families.filter((family) => bgp.some((protocol) => hasChannel(protocol, family)));
}

/** The agent's BGP protocols that BIRD runs. */
function ownBgp(
  wanted: readonly DesiredProtocol[],
  running: readonly BirdProtocol[],
): readonly BirdProtocol[] {
  const names = new Set(wanted.map(({ name }) => name));
  return running.filter(({ name, proto }) => proto === 'BGP' && names.has(name));
}

function hasChannel({ channels }: BirdProtocol, family: Family): boolean {
  return channels.some(({ name }) => name === family);
}
