import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateStore } from '../../../../src/adapters/state/store.js';
import type { StateStore } from '../../../../src/shell/ports/host.js';

let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'moenet-state-'));
  directory = join(parent, 'a', 'state');
});
afterEach(() => rm(parent, { recursive: true }));

const path = (name: string) => join(directory, name);
const first = { pass: 1, text: 'ü"\\ ' };
const second = { pass: 2, list: [1, null, { deep: true }] };

describe('openStateStore', () => {
  it('gives a document back as it was written, also to the next process', async () => {
    await openStateStore(directory).write('snapshot', second);
    expect(await openStateStore(directory).read('snapshot')).toEqual(second);
  });

  it('knows no document that was never written', async () => {
    expect(await openStateStore(directory).read('snapshot')).toBeUndefined();
  });

  it('keeps everything to its owner', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(directory)) expect((await stat(path(file))).mode & 0o777).toBe(0o600);
    expect((await readdir(directory)).sort()).toEqual(['snapshot.json', 'snapshot.json.1']);
  });

  it('falls back to the document before, wherever the file was cut off', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    const text = await readFile(path('snapshot.json'), 'utf8');
    for (let length = 0; length < text.length - 1; length += 1) {
      await writeFile(path('snapshot.json'), text.slice(0, length));
      expect(await store.read('snapshot')).toEqual(first);
    }
  });

  it('returns the document or the previous one, but nothing else, whichever bit was flipped', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    const bytes = await readFile(path('snapshot.json'));
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await writeFile(path('snapshot.json'), damaged);
      expect([first, second]).toContainEqual(await store.read('snapshot'));
    }
  });

  it('falls back from a file of a newer version, which it says and keeps aside', async () => {
    const said: string[] = [];
    const store = openStateStore(directory, (text) => said.push(text));
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    const newer = (await readFile(path('snapshot.json'), 'utf8')).replace('"version":1', '"version":2');
    await writeFile(path('snapshot.json'), newer);
    expect(await store.read('snapshot')).toEqual(first);
    expect(said).toEqual([expect.stringMatching(/snapshot.json is of version 2, from a newer agent.*\.v2$/)]);
    await store.write('snapshot', second);
    expect(await readFile(path('snapshot.json.v2'), 'utf8')).toBe(newer);
    expect(await store.read('snapshot')).toEqual(second);
  });

  it('keeps both generations of a newer version aside', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    for (const file of await readdir(directory)) await writeFile(path(file), `{"version":3,"of":"${file}"}`);
    expect(await store.read('snapshot')).toBeUndefined();
    await store.write('snapshot', second);
    expect(await readFile(path('snapshot.json.v3'), 'utf8')).toContain('"snapshot.json"');
    expect(await readFile(path('snapshot.json.1.v3'), 'utf8')).toContain('"snapshot.json.1"');
  });

  it.each(['snapshot.json', 'snapshot.json.1'])(
    'has two generations from the first write on: %s may be lost',
    async (lost) => {
      const store = openStateStore(directory);
      await store.write('snapshot', first);
      await writeFile(path(lost), 'damaged');
      expect(await store.read('snapshot')).toEqual(first);
      await store.write('snapshot', first);
      for (const file of ['snapshot.json', 'snapshot.json.1']) {
        expect(await readFile(path(file), 'utf8')).toContain(JSON.stringify(first));
      }
    },
  );

  it('says which file is damaged', async () => {
    const said: string[] = [];
    const store = openStateStore(directory, (text) => said.push(text));
    await store.write('snapshot', first);
    await writeFile(path('snapshot.json'), '');
    await store.read('snapshot');
    await writeFile(path('snapshot.json.1'), '');
    await store.read('snapshot');
    expect(said[0]).toMatch(/snapshot\.json is damaged: the agent uses the other generation/);
    expect(said[1]).toMatch(/snapshot\.json is damaged: no generation can be used/);
  });

  it('has nothing where both generations are damaged, and can be written again', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    for (const file of await readdir(directory)) await writeFile(path(file), '{"version":1}');
    expect(await store.read('snapshot')).toBeUndefined();
    await store.write('snapshot', first);
    expect(await store.read('snapshot')).toEqual(first);
  });

  it('does not push a good generation out by a damaged one', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    await writeFile(path('snapshot.json'), 'damaged');
    await store.write('snapshot', second);
    await writeFile(path('snapshot.json'), 'damaged again');
    expect(await store.read('snapshot')).toEqual(first);
  });

  it('does not write the same document twice', async () => {
    const store = openStateStore(directory);
    await store.write('snapshot', first);
    await store.write('snapshot', second);
    await store.write('snapshot', second);
    await writeFile(path('snapshot.json'), 'damaged');
    expect(await store.read('snapshot')).toEqual(first);
  });

  it('makes writes at the same time one after another', async () => {
    const store = openStateStore(directory);
    await Promise.all(Array.from({ length: 20 }, (_, pass) => store.write('snapshot', { pass })));
    expect(await store.read('snapshot')).toEqual({ pass: 19 });
    await writeFile(path('snapshot.json'), '');
    expect(await store.read('snapshot')).toEqual({ pass: 18 });
  });

  it('goes on after a write that failed', async () => {
    const store = openStateStore(directory);
    await writeFile(join(parent, 'a'), 'a file in the way');
    await expect(store.write('snapshot', first)).rejects.toThrow();
    await expect(store.write('other', first)).rejects.toThrow();
    expect(store.problem).toMatch(/state cannot be written \(ENOTDIR: not a directory\)/);
    await rm(join(parent, 'a'));
    await store.write('snapshot', first);
    expect(store.problem).toBeDefined();
    await store.write('other', first);
    expect(store.problem).toBeUndefined();
    expect(await store.read('snapshot')).toEqual(first);
  });

  it.each<[string, (store: StateStore) => Promise<unknown>]>([
    ['read', (store) => store.read('other')],
    ['written', (store) => store.write('other', first)],
  ])('takes away what killed processes left, of any document, where one is %s', async (_, use) => {
    await openStateStore(directory).write('snapshot', first);
    const of = (pid: number, name: string) => `.${name}.${pid.toString(16).padStart(6, '0')}0123456789.tmp`;
    // No process has this number (pid_max is 2^22 at most, proc_sys_kernel(5)).
    const left = [of(0x7fffff, 'snapshot.json'), of(0x7fffff, 'snapshot.json.1')];
    const others = [of(process.ppid, 'snapshot.json'), of(0x7fffff, 'snapshot.txt')];
    for (const name of [...left, ...others]) await writeFile(path(name), '');
    await use(openStateStore(directory));
    const names = await readdir(directory);
    expect(names).toEqual(expect.arrayContaining(others));
    for (const name of left) expect(names).not.toContain(name);
  });

  it.each(['', '../snapshot', 'a/b', 'A', 'x'.repeat(65), '.hidden'])('refuses the name %j', async (name) => {
    const store = openStateStore(directory);
    await expect(store.read(name)).rejects.toThrow(/not a name/);
    await expect(store.write(name, first)).rejects.toThrow(/not a name/);
  });

  it('refuses what JSON cannot say', async () => {
    await expect(openStateStore(directory).write('snapshot', undefined)).rejects.toThrow(/JSON/);
  });
});
