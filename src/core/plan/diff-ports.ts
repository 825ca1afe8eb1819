import type { Desired } from '../desired/desired.js';
import { findOwned } from '../desired/owned.js';
import type { Change } from '../model/change.js';
import type { Observed } from '../model/observed.js';

const node = { kind: 'node' } as const;

/**
 * Makes the elements of the operator's set equal to the listen ports of all tunnels; of a set that was configured before, the
 * agent's own elements go. A tunnel whose wish is unknown keeps its port.
 */
export function diffPorts(desired: Desired, observed: Observed, creating: readonly string[]): Change[] {
  if (!observed.portSets) return [];
  const ports = wantedPorts(desired, observed, creating);
  return observed.portSets.flatMap((seen): Change[] => {
    if ('problem' in seen) return [];
    const { set, elements } = seen;
    const isWanted = set === desired.nftSet;
    const present = new Set(elements.map(({ port }) => port));
    const add = isWanted ? ports.filter((port) => !present.has(port)) : [];
    const remove = elements
      .filter(({ port, isOurs }) => (isWanted ? !ports.includes(port) : isOurs))
      .map(({ port }) => port);
    if (add.length + remove.length === 0) return [];
    const why = isWanted ? 'the tunnels listen on others' : 'firewall.nftSet does not name this set any more';
    return [{ kind: 'set-ports', owner: node, set, add, remove, why }];
  });
}

function wantedPorts(desired: Desired, observed: Observed, creating: readonly string[]): number[] {
  const { tunnels } = findOwned(observed, creating, desired.previousAgent.adopted);
  const unknown = observed.wireguard.filter(({ interface: name }) => {
    const owner = tunnels.get(name);
    return owner !== undefined && desired.isUnknown(owner);
  });
  const ports = [...desired.tunnels, ...unknown].map(({ listenPort }) => listenPort);
  return [...new Set(ports)].filter((port) => port > 0).sort((a, b) => a - b);
}
