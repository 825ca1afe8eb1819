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

/** How large the parts are. */
interface Sizes {
  readonly margin: number;
  readonly columnWidth: number;
  readonly columnGap: number;
  readonly titleHeight: number;
  readonly serverWidth: number;
  readonly serverHeight: number;
  readonly nodeHeight: number;
  readonly peerHeadHeight: number;
  readonly peerGap: number;
  readonly legendHeight: number;
  /** Peers stand to the right of the line that joins them to their node. */
  readonly peerIndent: number;
  /** Of each line of a peer's box that lists what it announces; 0: it does not. */
  readonly lineHeight: number;
}

/** Of the drawing on its own. */
const ofDrawing: Sizes = {
  margin: 40,
  columnWidth: 296,
  columnGap: 56,
  titleHeight: 92,
  serverWidth: 236,
  serverHeight: 56,
  nodeHeight: 98,
  peerHeadHeight: 62,
  peerGap: 18,
  legendHeight: 104,
  peerIndent: 30,
  lineHeight: 17,
};

export const { lineHeight } = ofDrawing;

/** Of the picture in a page, which has title, legend and announcements in other places. */
export const ofPage: Sizes = {
  margin: 4,
  columnWidth: 252,
  columnGap: 26,
  titleHeight: 4,
  serverWidth: 200,
  serverHeight: 48,
  nodeHeight: 84,
  peerHeadHeight: 66,
  peerGap: 12,
  legendHeight: 8,
  peerIndent: 26,
  lineHeight: 0,
};

/** Places everything: servers on top, the nodes side by side, the peers of each below it. */
export function layOut({ nodes, peers }: Pick<Scenario, 'nodes' | 'peers'>, sizes = ofDrawing): Layout {
  const { margin, columnWidth, columnGap, titleHeight, serverWidth, serverHeight, nodeHeight } = sizes;
  const { legendHeight, peerIndent } = sizes;
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
        { x: x + peerIndent, y: peerY },
        sizes,
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

function stack(peers: readonly PeerSpec[], from: Pick<Box, 'x' | 'y'>, sizes: Sizes): PlacedPeer[] {
  const { peerHeadHeight, lineHeight, columnWidth, peerIndent, peerGap } = sizes;
  const { x } = from;
  let { y } = from;
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
