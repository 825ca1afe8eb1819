import { symlink } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../../src/bundle/collect.js';
import { pack } from '../../../src/bundle/pack.js';
import { encodingsOf, openPlantedNode, plantedSecrets } from './planted-node.js';

const secrets = plantedSecrets();
let node: Awaited<ReturnType<typeof openPlantedNode>>;

beforeEach(async () => {
  node = await openPlantedNode(secrets);
});
afterEach(() => node.close());

// Environment and file are read for their values; these say nothing else.
const withoutEcho = [
  'about.json',
  'configuration/effective.json',
  'configuration/environment.json',
  'state/listing.txt',
  'bird/status.txt',
];

describe('a bundle of a node with a secret in every place, which repeats all of them in all that it says', () => {
  it('has every part, and no secret in any of them, in no encoding', async () => {
    const collected = await collect(node.patient);
    expect(collected.files.map(({ name }) => name)).toEqual([
      'about.json',
      'configuration/file.json',
      'configuration/effective.json',
      'configuration/environment.json',
      'status.json',
      'explain/b2.json',
      'explain/c3.json',
      'doctor.json',
      'events.json',
      'state/listing.txt',
      'state/answer-sessions.json',
      'state/memory.json',
      'state/templates.json',
      'bird/files/bird.conf',
      'bird/files/bird.conf.orig',
      'bird/status.txt',
      'bird/protocols.txt',
      'bird/memory.txt',
      'wireguard/show.txt',
      'network/links.json',
      'network/addresses.json',
      'network/routes-ipv4.json',
      'network/routes-ipv6.json',
      'network/rules-ipv4.json',
      'network/rules-ipv6.json',
      'network/nft.txt',
      'journal.txt',
      'unit/files.txt',
      'unit/show.txt',
      'unit/list.txt',
      'network/sysctls.txt',
    ]);
    // Each part had the secrets in it.
    const silent = collected.files.filter(
      ({ name, text }) => !withoutEcho.includes(name) && !text.includes('echoed'),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(collected.missing.map(({ name }) => name)).toEqual([
      'state/answer-mesh.json',
      'network/neighbors.json',
    ]);
    expect(collected.missing[1]?.why).toContain('echoed');

    const bytes = await pack('bundle', collected, 0);
    const archive = gunzipSync(bytes).toString('utf8').toLowerCase();
    for (const [place, secret] of Object.entries(secrets)) {
      const left = encodingsOf(secret).filter((text) => archive.includes(text.toLowerCase()));
      expect({ place, left }).toEqual({ place, left: [] });
    }
  });

  it('has no file that a link in a directory of another user leads to', async () => {
    await node.write('elsewhere', 'password file of another');
    await symlink(node.path('elsewhere'), node.path('bird/a.conf'));
    await symlink(node.path('elsewhere'), node.path('state/answer-config.json'));
    const { files } = await collect(node.patient);
    expect(files.filter(({ text }) => text.includes('password file of another'))).toEqual([]);
  });
});
