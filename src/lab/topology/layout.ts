import { ibgpPeersOf, type NodeSpec } from '../scenario/node-spec.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Scenario } from '../scenario/scenario.js';

/** A rectangle; `x` and `y` are its upper left corner. All lengths are pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedPeer {
  readonly peer: PeerSpec;
  readonly box: Box;
}

/** A node and its peers below it. */
export interface Column {
  readonly node: NodeSpec;
  readonly box: Box;
  readonly peers: readonly PlacedPeer[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly controlPlane: Box;
  readonly rpkiCache: Box;
  /** Where the line runs from which each node is reached by the control plane and the RPKI cache. */
  readonly busY: number;
  readonly columns: readonly Column[];
  readonly legendY: number;
}

const margin = 40;
const columnWidth = 296;
const columnGap = 56;
const titleHeight = 92;
const serverWidth = 236;
const serverHeight = 56;
const nodeHeight = 98;
const peerHeadHeight = 62;
const peerGap = 18;
const legendHeight = 104;
/** Peers stand to the right of the line that joins them to their node. */
const peerIndent = 30;
/** Of what a peer's box lists of its announcements. */
export const lineHeight = 17;

/** Places everything: servers on top, the nodes side by side, the peers of each below it. */
export function layOut({ nodes, peers }: Scenario): Layout {
  const width = Math.max(3, nodes.length) * (columnWidth + columnGap) - columnGap + 2 * margin;
  const busY = titleHeight + serverHeight + 30;
  // The arcs between nodes are the higher the farther they reach.
  const nodeY = busY + 40 + arcHeight(nodes.length - 1);
  const peerY = nodeY + nodeHeight + 40 + arcHeight(farthestIbgp(nodes));
  const left = (width - nodes.length * (columnWidth + columnGap) + columnGap) / 2;
  const columns = nodes.map((node, index) => {
    const x = left + index * (columnWidth + columnGap);
    return {
      node,
      box: { x, y: nodeY, width: columnWidth, height: nodeHeight },
      peers: stack(
        peers.filter((peer) => peer.node.id === node.id),
        x + peerIndent,
        peerY,
      ),
    };
  });
  const bottom = Math.max(
    nodeY + nodeHeight,
    ...columns.flatMap((column) => column.peers.map(({ box }) => end(box))),
  );
  const server = (x: number) => ({ x, y: titleHeight, width: serverWidth, height: serverHeight });
  return {
    width,
    height: bottom + legendHeight,
    controlPlane: server(width / 2 - serverWidth - 20),
    rpkiCache: server(width / 2 + 20),
    busY,
    columns,
    legendY: bottom + 52,
  };
}

/** How far an arc between nodes bulges that are `distance` places apart. */
export function arcHeight(distance: number): number {
  return distance <= 0 ? 0 : 22 + 22 * distance;
}

/** The greatest distance between the places of two nodes that speak iBGP. */
function farthestIbgp(nodes: readonly NodeSpec[]): number {
  const distances = nodes.flatMap((node, index) =>
    ibgpPeersOf(nodes, node).map((other) => Math.abs(nodes.indexOf(other) - index)),
  );
  return Math.max(0, ...distances);
}

function stack(peers: readonly PeerSpec[], x: number, fromY: number): PlacedPeer[] {
  let y = fromY;
  return peers.map((peer) => {
    const height = peerHeadHeight + lineHeight * peer.announces.length;
    const box = { x, y, width: columnWidth - peerIndent, height };
    y += height + peerGap;
    return { peer, box };
  });
}

function end({ y, height }: Box): number {
  return y + height;
}
