import type { Column, Layout } from './layout.js';
import { ibgpPaths, meshPaths, serverPaths, sessionPaths } from './paths.js';
import { ibgpColour, meshColour, policyColours, serverColour } from './style.js';
import { element, type Svg } from './svg.js';

/** From the control plane and the RPKI cache to each node. */
export function serverLinks(layout: Layout): Svg[] {
  return serverPaths(layout).map((d) =>
    line(d, serverColour, { 'stroke-width': 1.4, 'stroke-dasharray': '1 5' }),
  );
}

/** WireGuard tunnels between all nodes. */
export function meshLinks(columns: readonly Column[]): Svg[] {
  return meshPaths(columns).map(({ d }) => line(d, meshColour, { 'stroke-width': 3 }));
}

/** iBGP between nodes. */
export function ibgpLinks(columns: readonly Column[]): Svg[] {
  return ibgpPaths(columns).map(({ d }) =>
    line(d, ibgpColour, { 'stroke-width': 2, 'stroke-dasharray': '8 6' }),
  );
}

/** From each node to its peers, in the colour of the policy. */
export function sessionLinks(column: Column): Svg[] {
  return sessionPaths(column).map(({ peer, d }) =>
    line(d, policyColours[peer.policy], { 'stroke-width': 2.2 }),
  );
}

/** A path of SVG; `d` has its commands in pixels of the drawing, `more` further attributes. */
export function line(d: string, stroke: string, more: Readonly<Record<string, string | number>>): Svg {
  return element('path', { d, stroke, class: 'line', ...more });
}
