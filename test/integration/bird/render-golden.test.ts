import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { routings } from '../../unit/core/render/routings.js';
import { parseTree, type Tree } from './routers/running-bird.js';

const golden = fileURLToPath(new URL('../../unit/core/render/golden', import.meta.url));

/** What `moenet-agent.conf` asks of an operator's own file, uncommented from its first lines. */
function operatorsFile(included: string): string {
  const lines = included.matchAll(/^# {5}(\S.*)$/gm);
  return Array.from(lines, ([, statement]) => `${statement}\n`).join('');
}

async function readTree(name: string): Promise<Tree> {
  const paths = (await readdir(join(golden, name), { recursive: true })).filter((path) =>
    path.endsWith('.conf'),
  );
  const tree: Record<string, string> = {};
  for (const path of paths) tree[path] = await readFile(join(golden, name, path), 'utf8');
  const included = tree['moenet-agent.conf'];
  return included === undefined ? tree : { 'bird.conf': operatorsFile(included), ...tree };
}

describe('bird -p', () => {
  it('refuses a tree with one bad file', async () => {
    const tree = await readTree('documented');
    const path = 'peers/dn42_4242421080.conf';
    const broken = { ...tree, [path]: tree[path]?.replace('neighbor', 'neighbour') ?? '' };
    await expect(parseTree(broken)).rejects.toThrow('dn42_4242421080.conf:11:5 syntax error');
  });

  it.each(Object.keys(routings))('takes golden/%s without a word', async (name) => {
    const { stdout, stderr } = await parseTree(await readTree(name));
    expect(stdout + stderr).toBe('');
  });
});
