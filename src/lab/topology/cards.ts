import type { Announcement } from '../scenario/announcements.js';
import type { Column, PlacedPeer } from './layout.js';
import { type Box, lineHeight } from './layout.js';
import { ibgpColour, meshColour, policyColours, serverColour } from './style.js';
import { element, group, type Svg, text } from './svg.js';

/** The control plane, or the RPKI cache. */
export function serverCard(box: Box, name: string, detail: string): Svg {
  const middle = box.x + box.width / 2;
  return group(
    {},
    card(box, serverColour),
    text([middle, box.y + 24], 'name', name, 'middle'),
    text([middle, box.y + 43], 'detail', detail, 'middle'),
  );
}

/** A node of ours. */
export function nodeCard({ node, box }: Column): Svg {
  const { x, y } = box;
  const { region, bandwidth } = node;
  return group(
    {},
    card(box, meshColour, '#f0fdfa'),
    text([x + 20, y + 28], 'name', node.name),
    ...(node.isRouteReflector ? [badge(x + box.width - 12, y + 12, 'route reflector', ibgpColour)] : []),
    text([x + 20, y + 47], 'detail', `${region.name} · ${bandwidth}`),
    text([x + 20, y + 64], 'detail', `${node.loopbackIpv4} · ${node.loopbackIpv6}`),
    text([x + 20, y + 81], 'detail', `agent, BIRD and WireGuard at ${node.address}`),
  );
}

/** A peer: who it is, how it is connected, and what becomes of each thing that it announces. */
export function peerCard({ peer, box }: PlacedPeer): Svg {
  const { x, y } = box;
  const tunnel = [peer.session.interface, peer.kind, ...remarks(peer)].join(' · ');
  const lines = peer.announces.map((announcement, index) =>
    announcementLine(announcement, x + 20, y + 62 + lineHeight * index),
  );
  return group(
    {},
    card(box, policyColours[peer.policy]),
    text([x + 20, y + 25], 'peer', `AS${peer.asn}`),
    badge(x + box.width - 12, y + 11, peer.policy, policyColours[peer.policy]),
    text([x + 20, y + 43], 'detail', tunnel),
    ...lines,
  );
}

function remarks({ dialsIn, hasPresharedKey }: PlacedPeer['peer']): string[] {
  return [...(hasPresharedKey ? ['PSK'] : []), ...(dialsIn ? ['dials in'] : [])];
}

function announcementLine({ what, prefixes, refused }: Announcement, x: number, y: number): Svg {
  const [first = ''] = prefixes;
  return refused === undefined
    ? text([x, y], 'accepted', `✓ ${what}: ${first}`)
    : text([x, y], 'refused', `✗ ${what}: ${first}`);
}

function card({ x, y, width, height }: Box, colour: string, fill = '#ffffff'): Svg {
  return group(
    {},
    element('rect', { x, y, width, height, rx: 9, class: 'card', style: `fill: ${fill}` }),
    element('path', {
      d: `M ${x + 9} ${y} h ${-3} a 6 9 0 0 0 -6 9 v ${height - 18} a 6 9 0 0 0 6 9 h 3 z`,
      fill: colour,
    }),
  );
}

/** A word in white on a colour; `right` is where it ends. */
function badge(right: number, y: number, word: string, colour: string): Svg {
  const width = 16 + 7 * word.length;
  return group(
    {},
    element('rect', { x: right - width, y, width, height: 19, rx: 9.5, fill: colour }),
    text([right - width / 2, y + 13.5], 'badge', word, 'middle'),
  );
}
