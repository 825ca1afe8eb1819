import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collect } from '../../../src/bundle/collect.js';
import type { Part, Source } from '../../../src/bundle/source.js';
import { openPlantedNode, plantedSecrets } from './planted-node.js';

let node: Awaited<ReturnType<typeof openPlantedNode>>;
beforeEach(async () => {
  node = await openPlantedNode(plantedSecrets());
});
afterEach(() => node.close());

const source = (part: Part): Source => ({ name: part.file, limitMs: 1_000, collect: async () => [part] });

describe('collect', () => {
  it('goes on without a source that fails or hangs, and says why', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failing: Source = {
      name: 'a',
      limitMs: 10,
      collect: async () => Promise.reject(new Error('no a')),
    };
    const hanging: Source = { name: 'b', limitMs: 10, collect: () => new Promise(() => undefined) };
    const collected = collect(node.patient, [failing, hanging, source({ file: 'c', text: 'c' })]);
    await vi.advanceTimersByTimeAsync(1_010);
    vi.useRealTimers();
    expect(await collected).toEqual({
      files: [{ name: 'c', text: 'c' }],
      missing: [
        { name: 'a', why: 'no a' },
        { name: 'b', why: 'it did not come within 0.01 s' },
      ],
    });
  });

  it('cuts a long part between lines, at the end or at the start', async () => {
    const lines = Array.from({ length: 300_000 }, (_, index) => `line ${index}\n`).join('');
    const { files } = await collect(node.patient, [
      source({ file: 'a', text: lines }),
      source({ file: 'b', text: lines, keep: 'end' }),
    ]);
    for (const { text, cutFrom } of files) {
      expect(cutFrom).toBe(lines.length);
      expect(text.length).toBeLessThanOrEqual(2 * 1024 * 1024);
      expect(text).toMatch(/^line \d+\n(?:.*\n)*line \d+\n$/);
    }
    expect(files[0]?.text.startsWith('line 0\n')).toBe(true);
    expect(files[1]?.text.endsWith('line 299999\n')).toBe(true);
  });

  it('makes no bundle without end', async () => {
    const text = 'a line\n'.repeat(100);
    const parts = ['a', 'b', 'c', 'd'].map((file) => source({ file, text }));
    const { files, missing } = await collect(node.patient, parts, 2_000);
    expect(files.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(missing[0]).toEqual({ name: 'c', why: 'the bundle is large enough without it' });
  });

  it('names no file outside of the bundle', async () => {
    const { files } = await collect(node.patient, [source({ file: '../../etc/a b\n/.', text: '' })]);
    expect(files.map(({ name }) => name)).toEqual(['etc/a_b_']);
  });
});
