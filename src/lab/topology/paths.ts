import { ibgpPeersOf, type NodeSpec } from '../scenario/node-spec.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { arcHeight, type Column, type Layout } from './layout.js';

/** A line between two nodes; `d` has its commands in pixels, as the attribute of SVG's `path`. */
export interface NodePath {
  readonly from: NodeSpec;
  readonly to: NodeSpec;
  readonly d: string;
  /** The middle of the line. */
  readonly x: number;
  readonly y: number;
}

/** From the control plane and the RPKI cache to each node. */
export function serverPaths({ controlPlane, rpkiCache, busY, columns }: Layout): string[] {
  const drops = columns.map(({ box }) => ({ x: box.x + 44, y: box.y }));
  const tops = [controlPlane, rpkiCache].map((box) => ({ x: box.x + box.width / 2, y: box.y + box.height }));
  const xs = [...drops, ...tops].map(({ x }) => x);
  const bus = `M ${Math.min(...xs)} ${busY} H ${Math.max(...xs)}`;
  return [bus, ...[...drops, ...tops].map(({ x, y }) => `M ${x} ${busY} V ${y}`)];
}

/** WireGuard tunnels between all nodes: arcs above them. */
export function meshPaths(columns: readonly Column[]): NodePath[] {
  return pairs(columns).map(([from, to, distance]) => {
    const { y } = from.box;
    return { from: from.node, to: to.node, ...arc(middle(from), middle(to), y, -arcHeight(distance)) };
  });
}

/** iBGP: arcs below the nodes. */
export function ibgpPaths(columns: readonly Column[]): NodePath[] {
  const nodes = columns.map(({ node }) => node);
  return pairs(columns)
    .filter(([from, to]) => ibgpPeersOf(nodes, from.node).includes(to.node))
    .map(([from, to, distance]) => {
      const y = from.box.y + from.box.height;
      return { from: from.node, to: to.node, ...arc(middle(from), middle(to), y, arcHeight(distance)) };
    });
}

/** From each node down to its peers, the farthest first: each piece of the common line is the next peer's below. */
export function sessionPaths({ box, peers }: Column): { readonly peer: PeerSpec; readonly d: string }[] {
  const x = box.x + 12;
  const from = box.y + box.height;
  return [...peers].reverse().map(({ peer, box: peerBox }) => {
    const y = peerBox.y + 22;
    return { peer, d: `M ${x} ${from} V ${y - 8} Q ${x} ${y} ${x + 8} ${y} H ${peerBox.x}` };
  });
}

function pairs(columns: readonly Column[]): (readonly [Column, Column, number])[] {
  return columns.flatMap((from, index) =>
    columns.slice(index + 1).map((to, offset) => [from, to, offset + 1] as const),
  );
}

function middle({ box }: Column): number {
  return box.x + box.width / 2;
}

/** `height`: how far its middle is below both ends. */
function arc(fromX: number, toX: number, y: number, height: number): Pick<NodePath, 'd' | 'x' | 'y'> {
  const controlY = y + height * 1.33;
  const d = `M ${fromX} ${y} C ${fromX} ${controlY} ${toX} ${controlY} ${toX} ${y}`;
  return { d, x: (fromX + toX) / 2, y: y + height };
}
