import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates, readOwnTemplates } from '../../../../src/adapters/templates/load-templates.js';
import type { BirdFile } from '../../../../src/core/model/artifacts.js';
import { formatMark } from '../../../../src/core/model/owner.js';
import type { Routing } from '../../../../src/core/model/routing.js';
import { toBirdText } from '../../../../src/core/model/values/bird-text.js';
import { renderBird } from '../../../../src/core/render/bird.js';
import { templateNotes } from '../../../../src/core/render/session-filters.js';
import type { Templates } from '../../../../src/core/render/templates.js';
import { makeSession } from '../../make.js';
import { documented, newerBird, routings } from './routings.js';

const golden = fileURLToPath(new URL('golden', import.meta.url));
const copied = fileURLToPath(new URL('../../../fixtures/own-templates', import.meta.url));
let templates: Templates;

beforeAll(async () => {
  templates = await loadTemplates();
});

const render = (routing: Routing) => renderBird(routing, templates);
const textOf = (routing: Routing, path: string) =>
  render(routing).find((file) => file.path === path)?.content;

/** The checksum follows from the text that a golden file has. */
const unsealed = (text: string) => text.replace(/^(# Checksum of the lines below: )[0-9a-f]{16}$/m, '$1...');

describe('renderBird', () => {
  it.each(Object.entries(routings))('renders the files kept under golden/%s', async (name, routing) => {
    const files = render(routing);
    for (const file of files)
      await expect(unsealed(file.content)).toMatchFileSnapshot(join(golden, name, file.path));
    const kept = await readdir(join(golden, name), { recursive: true });
    expect(files.map((file) => file.path)).toEqual(kept.filter((path) => path.endsWith('.conf')).sort());
  });

  it('renders the same bytes in whatever order the input comes', () => {
    const shuffled = {
      ...newerBird,
      sessions: documented.sessions.toReversed(),
      ibgpPeers: newerBird.ibgpPeers.toReversed(),
      meshInterfaces: newerBird.meshInterfaces.toReversed(),
    };
    expect(render(shuffled)).toEqual(render({ ...newerBird, sessions: documented.sessions }));
  });

  it('begins every file with its owner’s mark', () => {
    for (const { content, owner } of render(documented)) {
      expect(content.split('\n', 1)).toEqual([`# ${formatMark(owner)}`]);
    }
  });

  it('measures round-trip times in Babel where the running BIRD can', () => {
    const internal = (routing: Routing) => textOf(routing, 'moenet-agent/internal.conf');
    expect(internal(newerBird)).toContain('type tunnel;');
    expect(internal({ ...newerBird, birdVersion: '2.13.1' })).toContain('type wired;');
    expect(internal({ ...newerBird, birdVersion: undefined })).toContain('type wired;');
  });

  it('leaves no line with white space at its end and no two empty lines', () => {
    for (const routing of Object.values(routings)) {
      for (const { content } of render(routing)) expect(content).not.toMatch(/[ \t]\n|\n\n\n|\n\n$/);
    }
  });

  it('keeps every line below 4,000 bytes with the longest description there can be', () => {
    const description = toBirdText('\u{1F600}'.repeat(10_000));
    const long = { protocol: 'dn42_1', latencyTier: undefined, session: makeSession({ description }) };
    const lines = render({ ...documented, sessions: [long] }).flatMap(({ content }) => content.split('\n'));
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(4_000);
  });
});

describe('a template of an operator', () => {
  it('that was copied before there was a block per channel renders what it did', async () => {
    const own = await readOwnTemplates(copied);
    expect(Object.keys(own).sort()).toEqual([
      'bird/ibgp.conf.hbs',
      'bird/kept.conf.hbs',
      'bird/peer.conf.hbs',
    ]);
    const old = await loadTemplates(own);
    // A copy that old has no BGP options, fixed routes keep their next hop, and no route knows whom it goes to or what its link is; nothing
    // else differs.
    const sameFilters = (text: string) =>
      text
        .replace(/if source = RTS_STATIC then bgp_next_hop = \S+; /g, '')
        .replace(/moenet_link_(in|out)\([^)]*\); /g, '')
        .replace(/moenet_ebgp_export_to\(\d+, /g, 'moenet_ebgp_export(');
    const bgpOption =
      /^ +(graceful restart|long lived graceful restart|hold time|keepalive time|connect \w+ time|error wait time|deterministic med|add paths|local role) .*;\n/gm;
    const withoutOptions = (files: readonly BirdFile[]) =>
      files.map(({ owner, path, content }) => [
        path,
        unsealed(owner.kind === 'node' ? content : sameFilters(content.replace(bgpOption, ''))),
      ]);
    // What sessions have of their own came later.
    const { 'session-options': newer, ...before } = routings;
    expect(templateNotes(old, newer?.sessions ?? [])).toEqual([
      'the template bird/peer.conf.hbs in templatesDir does not use importFirst, exportFirst, importLimit, exportLimit, cryptoConstant: options of single sessions, hooks in local/ or the encryption of links do not apply; take these lines over from the shipped template',
    ]);
    expect(templateNotes(templates, newer?.sessions ?? [])).toEqual([]);
    expect(templateNotes(old, documented.sessions)).toEqual([
      expect.stringContaining('does not use cryptoConstant:'),
    ]);
    for (const routing of Object.values(before))
      expect(withoutOptions(renderBird(routing, old))).toEqual(withoutOptions(render(routing)));
  });

  const withPeer = (text: string) => renderBird(documented, { ...templates, 'bird/peer.conf.hbs': text });

  it('is refused by name if it asks for a value that does not exist', () => {
    expect(() => withPeer('# {{asm}}')).toThrow('template bird/peer.conf.hbs: there is no value "asm"');
    expect(() => withPeer('{{#if asm}}{{/if}}')).toThrow('there is no value "asm"');
    expect(() => withPeer('{{#each protocols}}{{nmae}}{{/each}}')).toThrow('there is no value "nmae"');
    expect(() => withPeer('{{constructor}}')).toThrow('there is no value "constructor"');
  });

  it('is refused if it does not compile or is to be more than text', () => {
    expect(() => withPeer('{{#if asn}}')).toThrow('template bird/peer.conf.hbs: Parse error on line 1');
    expect(() => withPeer('{{log asn}}')).toThrow('unknown helper log');
    expect(() => withPeer('{{> other}}')).toThrow('other');
  });

  it('is refused if it produces a line that would crash BIRD', () => {
    expect(() => withPeer(`# ${'x'.repeat(2_000)}`)).toThrow('line 1 is too long');
  });
});
