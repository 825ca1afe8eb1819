import type { NodeProtocol } from '../model/artifacts.js';
import { familyNames } from '../model/values/family.js';

/** What a node lacks without one of its own BIRD protocols, as the end of a sentence. */
export function lackOf({ type, owner, families }: Pick<NodeProtocol, 'type' | 'owner' | 'families'>): string {
  const kinds = families.map((family) => familyNames[family]).join(' and ');
  switch (type) {
    case 'device':
      return 'without it BIRD sees no interface, and no session can come up';
    case 'kernel':
      return `without it no${kinds === '' ? '' : ` ${kinds}`} route of BIRD's reaches the kernel`;
    case 'direct':
      return "without it the other nodes do not learn this node's loopback addresses";
    case 'static':
      return "without it the node's fixed routes, such as its own blocks, are missing";
    case 'babel':
      return "without it there is no way to the other nodes' loopback addresses, and iBGP cannot come up";
    case 'rpki':
      return 'without it no ROAs come from this cache';
    case 'bgp':
      return owner.kind === 'mesh'
        ? `without it this node exchanges no routes with node ${owner.nodeId}`
        : 'without it its neighbor gets no routes';
    default:
      return 'it is part of the configuration of this node';
  }
}
