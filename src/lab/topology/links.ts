import { ibgpPeersOf } from '../scenario/node-spec.js';
import { arcHeight, type Column, type Layout } from './layout.js';
import { ibgpColour, meshColour, policyColours, serverColour } from './style.js';
import { element, type Svg } from './svg.js';

/** From the control plane and the RPKI cache to each node. */
export function serverLinks({ controlPlane, rpkiCache, busY, columns }: Layout): Svg[] {
  const drops = columns.map(({ box }) => ({ x: box.x + 44, y: box.y }));
  const tops = [controlPlane, rpkiCache].map((box) => ({ x: box.x + box.width / 2, y: box.y + box.height }));
  const xs = [...drops, ...tops].map(({ x }) => x);
  const bus = `M ${Math.min(...xs)} ${busY} H ${Math.max(...xs)}`;
  return [bus, ...[...drops, ...tops].map(({ x, y }) => `M ${x} ${busY} V ${y}`)].map((d) =>
    line(d, serverColour, { 'stroke-width': 1.4, 'stroke-dasharray': '1 5' }),
  );
}

/** WireGuard tunnels between all nodes: arcs above them. */
export function meshLinks(columns: readonly Column[]): Svg[] {
  return pairs(columns).map(([from, to, distance]) => {
    const y = from.box.y;
    return line(arc(middle(from), middle(to), y, y - arcHeight(distance) * 1.33), meshColour, {
      'stroke-width': 3,
    });
  });
}

/** iBGP: arcs below the nodes. */
export function ibgpLinks(columns: readonly Column[]): Svg[] {
  const nodes = columns.map(({ node }) => node);
  return pairs(columns)
    .filter(([from, to]) => ibgpPeersOf(nodes, from.node).includes(to.node))
    .map(([from, to, distance]) => {
      const y = from.box.y + from.box.height;
      const d = arc(middle(from), middle(to), y, y + arcHeight(distance) * 1.33);
      return line(d, ibgpColour, { 'stroke-width': 2, 'stroke-dasharray': '8 6' });
    });
}

/** From each node down to its peers, in the colour of the policy. */
export function sessionLinks({ box, peers }: Column): Svg[] {
  const x = box.x + 12;
  const from = box.y + box.height;
  // The farthest first, so that each piece of the common line has the colour of the next peer below.
  return [...peers].reverse().map(({ peer, box: peerBox }) => {
    const y = peerBox.y + 22;
    const d = `M ${x} ${from} V ${y - 8} Q ${x} ${y} ${x + 8} ${y} H ${peerBox.x}`;
    return line(d, policyColours[peer.policy], { 'stroke-width': 2.2 });
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

function arc(fromX: number, toX: number, y: number, controlY: number): string {
  return `M ${fromX} ${y} C ${fromX} ${controlY} ${toX} ${controlY} ${toX} ${y}`;
}

/** A path of SVG; `d` has its commands in pixels of the drawing, `more` further attributes. */
export function line(d: string, stroke: string, more: Readonly<Record<string, string | number>>): Svg {
  return element('path', { d, stroke, class: 'line', ...more });
}
