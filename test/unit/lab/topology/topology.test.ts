import { describe, expect, it } from 'vitest';
import { mostNodes } from '../../../../src/lab/scenario/node-spec.js';
import { mostPeers } from '../../../../src/lab/scenario/peer-spec.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';
import { layOut } from '../../../../src/lab/topology/layout.js';
import { element, text } from '../../../../src/lab/topology/svg.js';
import { drawTopology } from '../../../../src/lab/topology/topology.js';

const sizes = [
  [1, 1],
  [2, 3],
  [3, 6],
  [mostNodes, mostPeers],
] as const;

describe('drawTopology', () => {
  it('names every node and peer, the servers and who reflects routes', () => {
    const scenario = makeScenario();
    const svg = drawTopology(scenario);
    for (const { name } of scenario.nodes) expect(svg).toContain(`>${name}</text>`);
    for (const { asn, policy } of scenario.peers) {
      expect(svg).toContain(`>AS${asn}</text>`);
      expect(svg).toContain(`>${policy}</text>`);
    }
    expect(svg.match(/>route reflector</g)).toHaveLength(1);
    expect(svg).toContain('>control plane<');
    expect(svg).toContain('>RPKI cache<');
    expect(svg).toContain('>✗ a leak: 172.23.8.0/24<');
  });

  it('draws one line for each tunnel of the mesh and for each iBGP session', () => {
    const svg = drawTopology(makeScenario(4, 1));
    // One more of each is in the legend.
    expect(svg.match(/stroke="#0f766e"/g)).toHaveLength(6 + 1);
    expect(svg.match(/stroke="#7c3aed"/g)).toHaveLength(3 + 1);
  });

  it('is the same for the same scenario', () => {
    expect(drawTopology(makeScenario())).toBe(drawTopology(makeScenario()));
  });
});

describe('layOut', () => {
  it.each(sizes)('keeps %i nodes and %i peers apart, and within the picture', (nodes, peers) => {
    const { width, height, controlPlane, rpkiCache, columns, legendY } = layOut(makeScenario(nodes, peers));
    const boxes = [
      controlPlane,
      rpkiCache,
      ...columns.flatMap(({ box, peers: placed }) => [box, ...placed.map((peer) => peer.box)]),
    ];
    for (const [index, one] of boxes.entries()) {
      expect(one.x).toBeGreaterThan(0);
      expect(one.x + one.width).toBeLessThan(width);
      expect(one.y + one.height).toBeLessThan(legendY);
      for (const other of boxes.slice(index + 1)) {
        const overlap =
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height;
        expect(overlap).toBe(false);
      }
    }
    expect(legendY).toBeLessThan(height);
    expect(columns.flatMap((column) => column.peers)).toHaveLength(peers);
  });
});

describe('SVG', () => {
  it('lets no text end an element or an attribute', () => {
    const { svg } = element('g', { id: 'a"><script' }, '</g><script>&', text([1, 2], 'x', '"\u0000\ud800<'));
    expect(svg).toBe(
      '<g id="a&quot;&gt;&lt;script">&lt;/g&gt;&lt;script&gt;&amp;<text x="1" y="2" class="x">&quot;\ufffd\ufffd&lt;</text></g>',
    );
  });
});
