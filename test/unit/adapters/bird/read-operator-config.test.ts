import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readOperatorConfig } from '../../../../src/adapters/bird/read-operator-config.js';

let base = '';
let directory = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'bird-operator-'));
  directory = join(base, 'etc');
});
afterEach(() => rm(base, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), text);
}

async function pieces(mode: 'full' | 'include' = 'full') {
  const found = await readOperatorConfig(directory, mode);
  return found && 'pieces' in found
    ? found.pieces.map(({ path, text }) => `${path}: ${text.trim()}`).filter((piece) => !piece.endsWith(': '))
    : found;
}

it('has each file where it is included, by a pattern in the order of the names', async () => {
  await put('bird.conf', 'one;\n  include "peers/*.conf"; two;\ninclude "../elsewhere/x.conf";\nthree;');
  await put('peers/b.conf', 'b;');
  await put('peers/a.conf', `include "${directory}/deeper.conf";\na;`);
  await put('peers/.hidden.conf', 'no;');
  await put('peers/c.conf.orig', 'no;');
  await put('deeper.conf', 'deeper;');
  await put('../elsewhere/x.conf', 'x;');
  expect(await pieces()).toEqual([
    'bird.conf: one;',
    'deeper.conf: deeper;',
    'peers/a.conf: a;',
    'peers/b.conf: b;',
    'bird.conf: two;',
    `${base}/elsewhere/x.conf: x;`,
    'bird.conf: three;',
  ]);
});

it('ignores an include in a comment or a string', async () => {
  const text =
    '# "\n/*\ninclude "absent.conf";\n*/\nlog "\tinclude";\n x include "absent.conf";\n# include "absent.conf";';
  await put('bird.conf', text);
  expect(await pieces()).toEqual([`bird.conf: ${text}`]);
});

it('finds no configuration where the agent’s main file is in place, or none exists', async () => {
  await mkdir(directory);
  expect(await pieces()).toBeUndefined();
  await put('bird.conf', '# moenet-agent:node:\nrouter id 1.1.1.1;');
  expect(await pieces()).toBeUndefined();
  expect(await pieces('include')).toEqual([expect.stringContaining('router id')]);
  await put('moenet-agent.conf', '# moenet-agent:node:\n');
  expect(await pieces('include')).toBeUndefined();
});

it.each([
  ['a file that is not there', 'include "absent.conf";', 'absent.conf cannot be read'],
  ['a file that includes itself', 'include "bird.conf";', 'included too deep'],
])('says what is wrong with %s', async (_, text, words) => {
  await put('bird.conf', text);
  expect(await pieces()).toEqual({ problem: expect.stringContaining(words) });
});
