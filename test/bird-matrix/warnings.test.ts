import { beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../src/adapters/templates/load-templates.js';
import { renderBird } from '../../src/core/render/bird.js';
import type { Templates } from '../../src/core/render/templates.js';
import { installedVersion, parseTree } from '../integration/bird/routers/running-bird.js';
import { routings } from '../unit/core/render/routings.js';

let templates: Templates;
let version: string;

beforeAll(async () => {
  templates = await loadTemplates();
  version = await installedVersion();
});

describe('bird -p', () => {
  it('says so where there is something to warn of', async () => {
    const returning = 'function f() { return true; }\nprotocol device { }\nrouter id 192.0.2.1;\n';
    const { stdout, stderr } = await parseTree({ 'bird.conf': returning });
    // Before 2.14, functions had no return types.
    expect(stdout + stderr).toMatch(/^2\.0\./.test(version) ? /^$/ : /Inferring function f return type/);
  });

  it.each(Object.keys(routings))('takes %s, rendered for this very BIRD, without a word', async (name) => {
    const routing = routings[name];
    if (routing === undefined) throw new Error(`no routing ${name}`);
    const files = renderBird({ ...routing, mode: 'full', birdVersion: version }, templates);
    const tree = Object.fromEntries(files.map(({ path, content }) => [path, content]));
    const { stdout, stderr } = await parseTree(tree);
    expect(stdout + stderr).toBe('');
  });
});
