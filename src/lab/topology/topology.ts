import { asn, ownPrefixes } from '../scenario/numbers.js';
import { roasOf } from '../scenario/roas.js';
import type { Scenario } from '../scenario/scenario.js';
import { nodeCard, peerCard, serverCard } from './cards.js';
import { layOut } from './layout.js';
import { legend } from './legend.js';
import { ibgpLinks, meshLinks, serverLinks, sessionLinks } from './links.js';
import { css } from './style.js';
import { element, text } from './svg.js';

/** Draws a scenario as an SVG document: nodes and what joins them, peers with policy and kind, the servers. */
export function drawTopology(scenario: Scenario): string {
  const layout = layOut(scenario);
  const { width, height, columns } = layout;
  const { address, port, rpkiPort } = scenario.controlPlane;
  const middle = width / 2;
  const { svg } = element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, title(scenario)),
    element('style', {}, css),
    element('rect', { width, height, fill: '#f8fafc' }),
    text([middle, 42], 'title', `AS${asn}`, 'middle'),
    text([middle, 66], 'subtitle', `${title(scenario)} · ${ownPrefixes.join(' · ')}`, 'middle'),
    ...serverLinks(layout),
    ...meshLinks(columns),
    ...ibgpLinks(columns),
    ...columns.flatMap(sessionLinks),
    serverCard(layout.controlPlane, 'control plane', `http://${address}:${port}`),
    serverCard(layout.rpkiCache, 'RPKI cache', `${address}:${rpkiPort} · ${roasOf(scenario).length} ROAs`),
    ...columns.map(nodeCard),
    ...columns.flatMap(({ peers }) => peers.map(peerCard)),
    ...legend(layout),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
}

function title({ nodes, peers }: Scenario): string {
  return `${count(nodes.length, 'node')}, ${count(peers.length, 'peer')}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
