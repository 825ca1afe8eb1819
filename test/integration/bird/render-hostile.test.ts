import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import type { Routing } from '../../../src/core/desired/routing.js';
import { toBirdText } from '../../../src/core/model/bird-text.js';
import { renderBird } from '../../../src/core/render/bird.js';
import type { Templates } from '../../../src/core/render/templates.js';
import { documented } from '../../unit/core/render/routings.js';
import { parseTree } from './running-bird.js';

let templates: Templates;

beforeAll(async () => {
  templates = await loadTemplates();
});

const pieces = [
  '"',
  "'",
  '\\',
  ';',
  '}',
  '{',
  '#',
  '/*',
  '*/',
  '{{asn}}',
  '{{#if',
  '\n',
  '\r',
  '\0',
  '\u2028',
  '\u0085',
];
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom(...pieces, '\ud800', '\u202e', 'protocol bgp x', ' '), maxLength: 60 }),
);

/** The documented node with other people's texts wherever there are any. */
function withTexts(description: string, nodeName: string, peerName: string): Routing {
  const { node, sessions, ibgpPeers } = documented;
  return {
    ...documented,
    node: { ...node, name: toBirdText(nodeName) },
    sessions: sessions.map((routed) => ({
      ...routed,
      session: { ...routed.session, description: toBirdText(description) },
    })),
    ibgpPeers: ibgpPeers.map((peer) => ({ ...peer, nodeName: toBirdText(peerName) })),
  };
}

/** The statements, with what stands in comments and between quotes left out. */
function statements(routing: Routing): string {
  const text = renderBird(routing, templates).map(({ content }) => content);
  return text
    .join('\n')
    .replace(/^ *description .*\n/gm, '')
    .replace(/#.*/g, '');
}

describe('any text whatsoever in descriptions and names', () => {
  it('gives files that BIRD takes, with the same statements as without', async () => {
    const plain = statements(withTexts('', '', ''));
    const property = fc.asyncProperty(hostile, hostile, hostile, async (...texts) => {
      const routing = withTexts(...texts);
      expect(statements(routing)).toBe(plain);
      const files = renderBird(routing, templates).map(({ path, content }) => [path, content]);
      expect((await parseTree(Object.fromEntries(files))).stderr).toBe('');
    });
    await fc.assert(property, { numRuns: 20 });
  });
});
